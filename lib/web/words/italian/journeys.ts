/** KPIs of journeys: texts of the catalogue, by their English. */
export const JOURNEY_TEXTS: Readonly<Record<string, string>> = {
  Paths: 'Percorsi',
  'The most frequent channel paths and how often they ended in a purchase':
    'Le sequenze di canali più frequenti e quante volte sono finite in un acquisto',
  'Journeys count on the day they ended: of the purchase, or of the last touchpoint where null_path_gap_days have passed since; journeys that may still convert are left out. The five hundred most frequent paths are told apart. Journeys are told as all data known by now tell them, of closed days too: a record that comes late may change them':
    'I percorsi contano nel giorno in cui finiscono: quello dell’acquisto, o dell’ultimo contatto se da allora sono passati null_path_gap_days giorni; restano fuori quelli che possono ancora convertire. Si distinguono i cinquecento percorsi più frequenti. I percorsi riflettono tutti i dati noti oggi, anche per i giorni chiusi: un dato in ritardo può cambiarli',
  'Journeys on this path that ended in a purchase': 'Percorsi con questa sequenza finiti in un acquisto',
  'Revenue of those purchases': 'Ricavi di questi acquisti',
  'Closed journeys on this path that did not': 'Percorsi conclusi con questa sequenza, senza acquisto',
  'Path lengths': 'Lunghezza dei percorsi',
  'How many touchpoints purchases took, and how many days from the first of them':
    'Quanti contatti hanno richiesto gli acquisti, e quanti giorni dal primo',
  'Neither can be more than the lookback of the purchase (lookback_steps, lookback_days): what lies before it is not seen. Journeys are told as all data known by now tell them, of closed days too: a record that comes late may change them':
    'Nessuno dei due può superare la finestra di lookback dell’acquisto (lookback_steps, lookback_days): ciò che viene prima non si vede. I percorsi riflettono tutti i dati noti oggi, anche per i giorni chiusi: un dato in ritardo può cambiarli',
  'Purchases with a path: at least one known touchpoint inside the lookback':
    'Acquisti con un percorso: almeno un contatto noto entro la finestra di lookback',
  'Purchases / all purchases with a path in the currency':
    'Acquisti / tutti gli acquisti con un percorso nella valuta',
  'Touchpoints / purchases': 'Contatti / acquisti',
  'Whole days from the first touchpoint to the purchase, on average':
    'Giorni interi dal primo contatto all’acquisto, in media',
  'Journey flow': 'Flusso dei percorsi',
  'From which channel to which journeys go, in their first five steps, and where they end; touchpoints of one channel in a row are one step':
    'Da quale canale a quale vanno i percorsi, nei primi cinque passi, e dove finiscono; contatti di seguito dello stesso canale sono un passo solo',
  'Journeys count on the day they ended: of the purchase, or of the last touchpoint where null_path_gap_days have passed since; journeys that may still convert are left out. Journeys are told as all data known by now tell them, of closed days too: a record that comes late may change them':
    'I percorsi contano nel giorno in cui finiscono: quello dell’acquisto, o dell’ultimo contatto se da allora sono passati null_path_gap_days giorni; restano fuori quelli che possono ancora convertire. I percorsi riflettono tutti i dati noti oggi, anche per i giorni chiusi: un dato in ritardo può cambiarli',
  'Journeys that take this step': 'Percorsi che fanno questo passo',
  'Of them those that end in a purchase, now or later':
    'Di questi, quelli che finiscono in un acquisto, subito o più avanti',
  'Where journeys end without a purchase: by the last channel of the journey, or by the stage that a visit to the web shop reached':
    'Dove i percorsi finiscono senza acquisto: per ultimo canale del percorso, o per fase raggiunta da una visita al negozio online',
  'Journeys count on the day they ended: of the purchase, or of the last touchpoint where null_path_gap_days have passed since; journeys that may still convert are left out. A visit that ends before its order may go on in a store or another day, and is drop-off of the visit, not of the person':
    'I percorsi contano nel giorno in cui finiscono: quello dell’acquisto, o dell’ultimo contatto se da allora sono passati null_path_gap_days giorni; restano fuori quelli che possono ancora convertire. Una visita che finisce prima dell’ordine può continuare in negozio o un altro giorno: l’abbandono è della visita, non della persona',
  'Journeys that are over with the channel on them; by funnel visits that reached the stage or a later one':
    'Percorsi conclusi che passano dal canale; per funnel, visite arrivate alla fase o a una successiva',
  'Of them those that ended there without a purchase': 'Di questi, quelli finiti lì senza acquisto',
  'Ended here / reached': 'Finiti qui / arrivati',
  'Of them those that ended in a purchase; by funnel in an order within the visit':
    'Di questi, quelli finiti in un acquisto; per funnel, in un ordine nella stessa visita',
  'Channel roles': 'Ruoli dei canali',
  'Purchases whose path a channel begins, helps along, ends, or is alone on':
    'Acquisti il cui percorso un canale apre, assiste, chiude, o compie da solo',
  'A purchase counts with every channel of its path, so that channels do not add up to all purchases; it says where a channel stands, not what it caused. Journeys are told as all data known by now tell them, of closed days too: a record that comes late may change them':
    'Un acquisto conta con ogni canale del suo percorso, perciò i canali non sommano a tutti gli acquisti; dice dove sta un canale, non che cosa ha causato. I percorsi riflettono tutti i dati noti oggi, anche per i giorni chiusi: un dato in ritardo può cambiarli',
  'Purchases whose path the channel begins, with others after it':
    'Acquisti il cui percorso è aperto dal canale, con altri dopo',
  'What those purchases sold': 'Ricavi di questi acquisti',
  'Purchases on whose path it stands and neither begins nor ends it':
    'Acquisti sul cui percorso sta senza aprirlo né chiuderlo',
  'Purchases whose path it ends, with others before it':
    'Acquisti il cui percorso è chiuso dal canale, con altri prima',
  'Purchases on whose path no other channel stands': 'Acquisti sul cui percorso non c’è altro canale',
  'Purchases on whose path it stands: where it begins and ends one, that is first and last, but one here':
    'Acquisti sul cui percorso sta: se lo apre e lo chiude, conta come primo e come ultimo, ma qui una volta sola',
  'What those purchases sold, before returns': 'Ricavi di questi acquisti, prima dei resi',
  'Purchases that it stands on and does not end / purchases that it ends or is alone on':
    'Acquisti a cui partecipa senza chiuderli / acquisti che chiude o compie da solo',
  'Channels per customer': 'Canali per cliente',
  'What customers spend, by how many channels they use':
    'Quanto spendono i clienti, per numero di canali che usano',
  'No effect of channels: who buys more is met more often and so uses more channels, and who uses many is another kind of customer. A channel is used where the person came by it or clicked in it; stores are one more':
    'Non è un effetto dei canali: chi compra di più viene incontrato più spesso e così usa più canali, e chi ne usa molti è un altro tipo di cliente. Un canale è usato se la persona è arrivata da lì o vi ha cliccato; i negozi contano come uno in più',
  'Known persons with purchases in the currency': 'Persone note con acquisti nella valuta',
  'Their purchases': 'I loro acquisti',
  'Sold / customers': 'Venduto / clienti',
  'Lower bound of its 95% interval, by persons (Student)':
    'Limite inferiore dell’intervallo al 95%, per persone (Student)',
  'Upper bound of its 95% interval, by persons (Student)':
    'Limite superiore dell’intervallo al 95%, per persone (Student)',
  'Purchases / customers': 'Acquisti / clienti',
  'Revenue net of returns minus cost of goods / customers':
    'Ricavi al netto dei resi meno costo del venduto / clienti',
  'Channel overlap': 'Sovrapposizione dei canali',
  'How many of the people whom a channel touched another touched too, over all time':
    'Quante delle persone raggiunte da un canale ne ha raggiunte anche un altro, su tutto il tempo',
  'Only people whom touchpoints name: of a channel that knows nobody, such as paper without a name, nothing is seen':
    'Solo persone che i contatti nominano: di un canale che non conosce nessuno, come un volantino senza nome, non si vede niente',
  'Known people with touchpoints of both channels': 'Persone note con contatti di entrambi i canali',
  'People of both / known people with touchpoints of the channel':
    'Persone di entrambi / persone note con contatti del canale',
};
