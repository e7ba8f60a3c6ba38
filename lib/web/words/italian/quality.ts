/** KPIs of purchases, targets, alerts and the quality of data: texts of the catalogue, by their English. */
export const QUALITY_TEXTS: Readonly<Record<string, string>> = {
  'Purchases online and in store, before returns': 'Acquisti online e in negozio, prima dei resi',
  'Orders and receipts that sold merchandise': 'Ordini e scontrini con vendita di merce',
  'Their merchandise revenue, without tax where the tax is known':
    'I loro ricavi da merce, senza imposte dove sono note',
  'Average order value: sold / purchases': 'Valore medio per acquisto: venduto / acquisti',
  'Purchases of known persons / purchases': 'Acquisti di persone note / acquisti',
  Targets: 'Obiettivi',
  "The shop's targets by quarter: what has come of each, what should have by now, and how the quarter is expected to end":
    'Gli obiettivi del negozio per trimestre: quanto è stato raggiunto, quanto dovrebbe esserlo a oggi, e come si prevede che il trimestre finisca',
  'The band of 80% held 81% to 88% of simulated quarters of a steady shop, 70% to 76% where the level moves 5% a week, and 55% to 81% where a shop doubles in a year, the less the more of the quarter is to come. On track: the target lies in the band':
    'La fascia dell’80% conteneva tra l’81% e l’88% dei trimestri simulati di un negozio stabile, tra il 70% e il 76% dove il livello varia del 5% a settimana, e tra il 55% e l’81% dove un negozio raddoppia in un anno, tanto meno quanto più del trimestre manca. In linea: l’obiettivo cade nella fascia',
  'What the shop wants to reach; of spend, its budget':
    'Quanto il negozio vuole raggiungere; per la spesa, il budget',
  'Sum of the quarter up to the last day of which all data are there':
    'Somma del trimestre fino all’ultimo giorno con tutti i dati',
  'What should have come by then: the target by the usual weight of the weekdays that have passed':
    'Quanto dovrebbe essere arrivato a quel giorno: l’obiettivo per il peso consueto dei giorni della settimana trascorsi',
  'The target by the part of the days that have passed': 'L’obiettivo per la parte di giorni trascorsi',
  'What the quarter is expected to come to: so far, and the rest by the level of the last weeks and the weekdays to come; no season of the year is in it':
    'A quanto si prevede che arrivi il trimestre: il finora, più il resto secondo il livello delle ultime settimane e i giorni che mancano; senza stagionalità annuale',
  'Lower bound of the band that is to hold 8 of 10 quarters':
    'Limite inferiore della fascia che deve contenere 8 trimestri su 10',
  'Upper bound; none where the quarter is over or there are fewer than eight weeks to foretell from':
    'Limite superiore; assente se il trimestre è finito o se ci sono meno di otto settimane da cui prevedere',
  Alerts: 'Avvisi',
  'What has left its usual limits on the last whole day of the data or in the week to it, sources that have fallen silent, and days with too many refused records':
    'Che cosa è uscito dai suoi limiti consueti nell’ultimo giorno completo dei dati o nella settimana che vi termina, fonti che tacciono, e giorni con troppi record rifiutati',
  'Limits are made for one false alarm about the figures in twenty days, over all figures together; in simulated shops it was 2 to 8 days in a hundred. Holidays and sales are no exception to them':
    'I limiti sono tarati per un falso allarme sulle cifre ogni venti giorni, su tutte le cifre insieme; nei negozi simulati sono stati da 2 a 8 giorni su cento. Festività e saldi non fanno eccezione',
  'What was found': 'Il valore trovato',
  'The least that is usual': 'Il minimo consueto',
  'The most that is usual': 'Il massimo consueto',
  Reconciliation: 'Riconciliazione',
  'Where every minor unit of received revenue went: received = attributed + unattributed + excluded':
    'Dov’è finito ogni centesimo dei ricavi ricevuti: ricevuto = attribuito + non attribuito + escluso',
  'Revenue in this place': 'Ricavi di questa voce',
  'Documents, bookings or lines behind it': 'Documenti, registrazioni o righe su cui poggia',
  'Data quality': 'Qualità dei dati',
  'How much data came, how much of it is known, how much is set aside':
    'Quanti dati sono arrivati, quanti sono di persone note, quanti sono messi da parte',
  'Records of this measure': 'Record di questa voce',
  'Identity quality': 'Qualità delle identità',
  'How much of what came can be told to be of somebody, and how sure that is':
    'Quanto di ciò che è arrivato si può ricondurre a una persona, e con quale certezza',
  'Linked says that identifiers were seen together, not that each link is right; docs/identity.md has precision and recall where the truth is known':
    'Collegato vuol dire che gli identificativi sono stati visti insieme, non che ogni collegamento sia giusto; precisione e richiamo, dove la verità è nota, sono in docs/identity.md',
  'Records of the source, identifiers of the kind, persons of the size, identifiers or links under the rule, or purchases':
    'Record della fonte, identificativi del tipo, persone di quella dimensione, identificativi o collegamenti soggetti alla regola, oppure acquisti',
  'Those that may be linked to a person, if only to one known by nothing else':
    'Quelli collegabili a una persona, anche se nota solo per questo',
  'Those whose person is known by more than one identifier; of persons by size, their identifiers':
    'Quelli la cui persona è nota con più di un identificativo; per le persone per dimensione, i loro identificativi',
  'Linked / number, by source and by key; none for other groupings':
    'Collegati / numero, per fonte e per chiave; assente per gli altri raggruppamenti',
  'Merchandise revenue of the purchases, by how surely their buyer is known':
    'Ricavi da merce degli acquisti, secondo quanto è certo l’acquirente',
  'Revenue / revenue of all purchases in the currency': 'Ricavi / ricavi di tutti gli acquisti nella valuta',
  'Data freshness': 'Aggiornamento dei dati',
  "How far the data of each source reach and whether it still delivers, by its own rhythm and on the data's own clock: the last whole day of any source":
    'Fin dove arrivano i dati di ogni fonte e se consegna ancora, secondo il suo ritmo e l’orologio dei dati stessi: l’ultimo giorno completo di una fonte qualsiasi',
  'Late is silent for longer than usual at most, stopped for more than two days longer. Late records of a day that looks whole cannot be foreseen':
    'In ritardo: tace da più del massimo consueto; ferma: da oltre due giorni in più. I record tardivi di un giorno che sembra completo non si possono prevedere',
  'Records of all time; receipts, orders and refunds count as documents':
    'Record di tutto il tempo; scontrini, ordini e rimborsi contano come documenti',
  'Days without a record up to the last whole day of the shop':
    'Giorni senza record fino all’ultimo giorno completo del negozio',
  'Days from one day with records to the next, 99 times in 100 no more; none with fewer than five such gaps':
    'Giorni da uno con record al successivo, 99 volte su 100 non di più; assente con meno di cinque distanze',
};
