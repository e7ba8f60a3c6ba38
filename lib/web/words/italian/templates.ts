/** Texts of rows with something in them, by their English; what stands in {1} is translated where it is a text too. */
export const TEMPLATES: Readonly<Record<string, string>> = {
  'fewer than {1} people each, together, with all further steps':
    'meno di {1} persone ciascuno, insieme, con tutti i passi successivi',
  'fewer than {1} people each, together': 'meno di {1} persone ciascuno, insieme',
  '(groups of fewer than {1} people, together)': '(gruppi di meno di {1} persone, insieme)',
  'no chance figure: fewer than {1} repeat buyers a whole window into the clickstream':
    'nessun confronto con il caso: meno di {1} clienti abituali con un’intera finestra di dati di navigazione',
  'suppressed: fewer than {1} persons': 'nascosto: meno di {1} persone',
  'fewer than {1} persons': 'meno di {1} persone',
  'fewer than {1} people': 'meno di {1} persone',
  'fewer than {1} purchases': 'meno di {1} acquisti',
  'fewer than {1} weeks to foretell from': 'meno di {1} settimane da cui prevedere',
  '{1} of {2} strata have a share of their own': '{1} strati su {2} hanno una quota propria',
  'not testable: for enough persons the clickstream covers no more than {1} days':
    'non verificabile: per abbastanza persone i dati di navigazione non coprono più di {1} giorni',
  'no ROAS: {1}': 'niente ROAS: {1}',
  'spend is not known by {1}': 'la spesa non è nota per {1}',
  'spend is known from {1} to {2} only': 'la spesa è nota solo dal {1} al {2}',
  'margin: the cost of goods is known of {1} of the revenue':
    'margine: il costo della merce è noto per il {1} dei ricavi',
  'no rate stated for {1} cost': 'nessuna tariffa indicata per i costi {1}',
  'cost of goods unknown for {1} of sales': 'costo della merce ignoto per il {1} delle vendite',
  'cost of goods by rate for {1} of sales': 'costo della merce da tariffa per il {1} delle vendite',
  'returns of one purchase ({1})': 'resi di un acquisto ({1})',
  'revenue given back ({1})': 'ricavi rimborsati ({1})',
  'contacts of one purchase ({1})': 'contatti di un acquisto ({1})',
  '{1} (cost_rates.csv, row {2})': '{1} (cost_rates.csv, riga {2})',
  '(cost_rates.csv, row {1})': '(cost_rates.csv, riga {1})',
  'nothing supplied in these months: it needs {1}': 'niente fornito in questi mesi; serve: {1}',
  'not told here: it needs {1}': 'non misurato qui; serve: {1}',
  'value: {1}': 'valore: {1}',
  'churn: {1}': 'abbandono: {1}',
  'Purchases cover {1} days; it takes {2}': 'Gli acquisti coprono {1} giorni; ne servono {2}',
  '{1} people bought on a second day; it takes {2}':
    '{1} persone hanno comprato in un secondo giorno; ne servono {2}',
  '{1} people left a margin on two days or more; it takes {2}':
    '{1} persone hanno lasciato un margine in due o più giorni; ne servono {2}',
  'data begin on {1}, within the quarter': 'i dati iniziano il {1}, a trimestre iniziato',
  'data begin on {1}, after the quarter': 'i dati iniziano il {1}, dopo il trimestre',
  '{1}: {2} on {3}, above the {4} to {5} that is usual by {6}':
    '{1}: {2} il {3}, sopra il consueto da {4} a {5} secondo {6}',
  '{1}: {2} on {3}, below the {4} to {5} that is usual by {6}':
    '{1}: {2} il {3}, sotto il consueto da {4} a {5} secondo {6}',
  '{1}: {2} in the week to {3}, above the {4} to {5} that is usual by {6}':
    '{1}: {2} nella settimana fino al {3}, sopra il consueto da {4} a {5} secondo {6}',
  '{1}: {2} in the week to {3}, below the {4} to {5} that is usual by {6}':
    '{1}: {2} nella settimana fino al {3}, sotto il consueto da {4} a {5} secondo {6}',
  'No records of {1} since {2}; usually the next comes within {3} days':
    'Nessun record di {1} dal {2}; di solito il successivo arriva entro {3} giorni',
  'No records of {1} since {2}; usually the next comes within {3} day':
    'Nessun record di {1} dal {2}; di solito il successivo arriva entro {3} giorno',
  'No records of {1} since {2}': 'Nessun record di {1} dal {2}',
  'Refused records: {1} of what arrived on {2}; {3} is the most that is no alert. See ropo rejections':
    'Record rifiutati: {1} di quanto è arrivato il {2}; fino a {3} non c’è avviso. Vedi ropo rejections',
  '{1}; in the period that this one is compared with': '{1}; nel periodo di confronto',
  '{1}, before': '{1}, prima',
  '{1} viewed within {#2} days before, {3}, weighted by {4}':
    '{1} visto online entro {#2} giorni prima, {3}, peso: {4}',
  '{1} viewed within {#2} day before, {3}, weighted by {4}':
    '{1} visto online entro {#2} giorno prima, {3}, peso: {4}',
  '{#1} days': '{#1} giorni',
  '{#1} day': '{#1} giorno',
};
