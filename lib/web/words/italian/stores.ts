/** KPIs of stores, visits, returns and collected orders: texts of the catalogue, by their English. */
export const STORE_TEXTS: Readonly<Record<string, string>> = {
  'Online to store': 'Dall’online al negozio',
  'What online research was worth in stores for each unit of online revenue: corrected ROPO revenue of repeat buyers / online revenue of the same days':
    'Quanto la ricerca online è valsa nei negozi per ogni unità di ricavi online: ricavi ROPO corretti dei clienti abituali / ricavi online degli stessi giorni',
  'Association, not cause; one-time buyers and persons that no receipt names are left out, so that the factor is of the identified repeat buyers alone; the interval takes online revenue as known':
    'È un’associazione, non una causa; restano fuori chi ha comprato una volta sola e chi nessuno scontrino nomina, perciò il fattore riguarda solo i clienti abituali identificati; l’intervallo considera noti i ricavi online',
  'Revenue of web orders, collected ones included, net of returns':
    'Ricavi degli ordini web, compresi quelli ritirati in negozio, al netto dei resi',
  'Store revenue of known persons with more than one receipt, net of returns: the research population':
    'Ricavi in negozio di persone note con più di uno scontrino, al netto dei resi: la popolazione su cui si misura la ricerca',
  'Of it researched online, chance finds included': 'Di questi, i ricavi cercati online, coincidenze incluse',
  "The same with items of the person's other receipts in their place":
    'Lo stesso, con al loro posto articoli di altri scontrini della persona',
  'Researched with chance taken out; none where the placebos contradict each other':
    'Cercati online al netto del caso; assente dove i placebo si contraddicono',
  'Lower bound of its 95% interval, by persons': 'Limite inferiore dell’intervallo al 95%, per persone',
  'Upper bound of its 95% interval, by persons': 'Limite superiore dell’intervallo al 95%, per persone',
  'Corrected ROPO revenue / online revenue': 'Ricavi ROPO corretti / ricavi online',
  'Web orders, shipped or collected, of persons who had been in a store inside the window before and had not bought all of its products there':
    'Ordini web, spediti o ritirati, di persone che erano state in un negozio entro la finestra precedente e non vi avevano comprato tutti quei prodotti',
  'Only views in the aisle tell that the product itself was looked at in the store; a visit names no product, so that chance is asked by moving the moment by whole weeks: where people browse and go out in the same busy days, part of what is left is that habit and not research':
    'Solo le visualizzazioni tra gli scaffali dicono che il prodotto stesso è stato guardato in negozio; una visita non nomina prodotti, perciò il caso si misura spostando il momento di settimane intere: dove si naviga e si esce negli stessi giorni, parte di ciò che resta è questa abitudine e non ricerca',
  'Web orders of known persons': 'Ordini web di persone note',
  'Orders of persons with any visit on record, whose window the visits cover: the only ones that can be seen to showroom':
    'Ordini di persone con almeno una visita registrata, la cui finestra è coperta dalle visite: gli unici in cui lo showrooming si può osservare',
  'Of them those for which chance can be asked': 'Di questi, quelli per cui il caso si può misurare',
  'Orders after a visit of the same person, without purchase of that product, chance finds included, of compared orders':
    'Ordini dopo una visita della stessa persona senza acquisto di quel prodotto, coincidenze incluse, sugli ordini confrontati',
  'What the same question finds when it is asked ropo_shift_weeks earlier and later, of compared orders':
    'Quanto trova la stessa domanda posta ropo_shift_weeks settimane prima e dopo, sugli ordini confrontati',
  '(naive - chance) / (1 - chance); may be below zero where there is nothing but chance':
    '(grezza - caso) / (1 - caso); può essere sotto zero dove non c’è altro che caso',
  'Mean time from the last such visit to the order':
    'Tempo medio dall’ultima visita di questo tipo all’ordine',
  'Orders after a visit with a product that the person viewed online while in a store, inside the window':
    'Ordini dopo una visita, con un prodotto che la persona aveva visto online mentre era in negozio, entro la finestra',
  'Visits of single persons to stores: with research online before, with research in the aisle, with a purchase inside the visit, without one':
    'Visite di singole persone ai negozi: con ricerca online prima, con ricerca tra gli scaffali, con o senza acquisto durante la visita',
  'Visits are those that an app, Wi-Fi or a beacon saw: their persons are no sample of all visitors; a visit names no product, so that chance is asked by moving the moment by whole weeks: where people browse and go out in the same busy days, part of what is left is that habit and not research':
    'Le visite sono quelle rilevate da un’app, dal Wi-Fi o da un beacon: non un campione di tutti i visitatori; una visita non nomina prodotti, perciò il caso si misura spostando il momento di settimane intere: dove si naviga e si esce negli stessi giorni, parte di ciò che resta è questa abitudine e non ricerca',
  'Visits that the feeds report': 'Visite riportate dalle fonti',
  'Visits whose person is known and may be linked': 'Visite di una persona nota, che si può collegare',
  'Known visits whose window the clickstream covers, and for which chance can be asked':
    'Visite note la cui finestra è coperta dai dati di navigazione e per cui il caso si può misurare',
  'Visits with a product view of the same person inside the window before entering, chance finds included, of compared visits':
    'Visite con un prodotto visto dalla stessa persona entro la finestra prima di entrare, coincidenze incluse, sulle visite confrontate',
  'What the same question finds when it is asked ropo_shift_weeks earlier and later, of compared visits':
    'Quanto trova la stessa domanda posta ropo_shift_weeks settimane prima e dopo, sulle visite confrontate',
  'Mean time from the last product view inside the window to entering; chance finds are among them':
    'Tempo medio dall’ultimo prodotto visto entro la finestra all’ingresso; coincidenze comprese',
  'Known visits with a product view between entering and leaving, a class of its own':
    'Visite note con un prodotto visto online tra ingresso e uscita, una classe a sé',
  'Known visits with a receipt of the same person in the same store before they left (or within visit_hours)':
    'Visite note con uno scontrino della stessa persona nello stesso negozio prima dell’uscita (o entro visit_hours)',
  'Known visits that fetched a paid order and bought nothing':
    'Visite note per ritirare un ordine già pagato, senza altri acquisti',
  'Known visits with neither receipt nor pick-up': 'Visite note senza scontrino né ritiro',
  'What was sold and what of it came back, by the day of the purchase and by the day of the return; both views come to the same over all time':
    'Che cosa è stato venduto e quanto ne è tornato, per giorno d’acquisto e per giorno di reso; su tutto il tempo le due viste coincidono',
  'Closed periods keep their figures: what changes them is booked on the first open day, and listed in restatements':
    'I periodi chiusi mantengono le loro cifre: ciò che le cambia è registrato nel primo giorno aperto, ed elencato in restatements',
  'Merchandise revenue of purchases, on the day of the purchase':
    'Ricavi da merce degli acquisti, nel giorno d’acquisto',
  'Given back of purchases, on the day and in the store of the purchase (accrual)':
    'Rimborsato sugli acquisti, nel giorno e nel negozio dell’acquisto (competenza)',
  'Given back of purchases, on the day and in the store of the return (cash)':
    'Rimborsato sugli acquisti, nel giorno e nel negozio del reso (cassa)',
  'Sold less returned by purchase date': 'Venduto meno reso per data d’acquisto',
  'Sold less returned by return date': 'Venduto meno reso per data di reso',
  'Part of what was sold that came back since: returned by purchase date / sold':
    'Parte del venduto che è poi tornata: reso per data d’acquisto / venduto',
  'Given back without a purchase that is known, or beyond it, on the day of the return; in neither net. Grouping by reason says why':
    'Rimborsato senza un acquisto noto, o oltre il suo importo, nel giorno di reso; in nessuno dei due netti. Il raggruppamento per motivo dice perché',
  'The part of net by purchase date that changes days of a closed period':
    'La parte del netto per data d’acquisto che modifica giorni di un periodo chiuso',
  'The part of net by return date that changes days of a closed period':
    'La parte del netto per data di reso che modifica giorni di un periodo chiuso',
  'Collected orders': 'Ordini ritirati',
  'Web orders fetched in a store, paid before (click and collect) or there (reserve and collect), what was bought besides, and web orders that a store took back':
    'Ordini web ritirati in negozio, pagati prima (click and collect) o sul posto (prenota e ritira), acquisti aggiuntivi al ritiro, e ordini web resi in negozio',
  'Orders of the last days may yet be fetched. An attach sale is seen only where the receipt names the same person; a receipt that hands over a paid order counts as the order, whole':
    'Gli ordini degli ultimi giorni possono ancora essere ritirati. Un acquisto aggiuntivo si vede solo dove lo scontrino nomina la stessa persona; uno scontrino che consegna un ordine pagato vale per intero come l’ordine',
  'Web orders to be collected, on the day of the order': 'Ordini web da ritirare, nel giorno dell’ordine',
  'What was ordered, without tax where it is known': 'Valore ordinato, senza imposte dove sono note',
  'Of them those that a receipt hands over': 'Di questi, quelli consegnati con uno scontrino',
  'Of them those that none does so far': 'Di questi, quelli finora non consegnati',
  'What was ordered and fetched': 'Valore ordinato e ritirato',
  'Fetched orders / orders': 'Ordini ritirati / ordini',
  'Mean time from order to first hand-over': 'Tempo medio dall’ordine alla prima consegna',
  'What the same person bought besides in that store on the day of pick-up, before returns; counted once where several orders are fetched':
    'Che cosa la stessa persona ha comprato in più in quel negozio nel giorno del ritiro, prima dei resi; contato una volta se ritira più ordini',
  'Fetched orders with an attach sale / fetched orders of known persons':
    'Ordini ritirati con acquisto aggiuntivo / ordini ritirati di persone note',
  'Returns of web orders that a store took, on the day of the return':
    'Resi di ordini web accettati in un negozio, nel giorno di reso',
  'Their revenue; buy online, return in store': 'I loro ricavi; comprato online, reso in negozio',
  'Taken back revenue / revenue of all returns of web orders; none by store or region, where returns without a store have no row':
    'Ricavi ripresi / ricavi di tutti i resi di ordini web; assente per negozio o regione, dove i resi senza negozio non hanno una riga',
};
