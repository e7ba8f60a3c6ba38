/** What is divided by what in the figures of the omnichannel stages, by its English. */
export const STAGE_FORMULAS: Readonly<Record<string, string>> = {
  "Revenue of persons' first purchases online / revenue online of known persons":
    'Ricavi dei primi acquisti online delle persone / ricavi online di persone note',
  'Spend of channels that bring visits / visitors seen online for the first time, of channels and months with spend':
    'Spesa dei canali che portano visite / visitatori visti online per la prima volta, per canali e mesi con spesa',
  'Visits of one event / visits': 'Visite con un solo evento / visite',
  'Visits that are the first of a person or browser / visits':
    'Prime visite di una persona o di un browser / visite',
  'Persons and browsers with a visit in a month, added up / months':
    'Persone e browser con una visita in un mese, sommati / mesi',
  'Heads counted coming in; staff and those who come twice too':
    'Ingressi contati alle porte; compresi il personale e chi entra due volte',
  "Revenue of persons' first purchases in store / revenue in store of known persons":
    'Ricavi dei primi acquisti in negozio delle persone / ricavi in negozio di persone note',
  'Spend of channels that are letters and leaflets only / heads counted coming in, of months with such spend':
    'Spesa dei canali fatti solo di lettere e volantini / ingressi contati, per mesi con questa spesa',
  'Store visits of known persons / heads counted coming in, of stores and days with counts':
    'Visite in negozio di persone note / ingressi contati, per negozi e giorni con conteggi',
  "More searches for the shop's name where a campaign ran":
    'Ricerche in più del nome del negozio dove c’era una campagna',
  'More revenue in regions with a campaign than in regions without':
    'Ricavi in più nelle regioni con una campagna rispetto a quelle senza',
  'Spend / revenue before returns, of months with any spend; by channel revenue whose last touchpoint it was':
    'Spesa / ricavi prima dei resi, per mesi con qualche spesa; per canale, ricavi di cui era l’ultimo contatto',
  'Persons with a visit online and a contact elsewhere in the same month / persons with either':
    'Persone con una visita online e un contatto altrove nello stesso mese / persone con l’una o l’altro',
  'Visits with a product view / visits': 'Visite con un prodotto visto / visite',
  'Spend of channels that bring visits / visits with a product view, of channels and months with spend':
    'Spesa dei canali che portano visite / visite con un prodotto visto, per canali e mesi con spesa',
  'Product views / visits': 'Prodotti visti / visite',
  'Visits with an event Product Added to Wishlist / visits':
    'Visite con un evento Product Added to Wishlist / visite',
  'Visits with an event Stock Checked or Store Searched / visits':
    'Visite con un evento Stock Checked o Store Searched / visite',
  'Minutes from entering to leaving / visits whose end is known':
    'Minuti dall’ingresso all’uscita / visite di cui si conosce la fine',
  'Visits with a fitting or advice / visits': 'Visite con prova o consulenza / visite',
  'Known visits with a product view between entering and leaving / known visits':
    'Visite note con un prodotto visto online tra ingresso e uscita / visite note',
  'Web orders after a store visit without purchase of all their products / web orders of persons whose visits are seen; chance is among them: see showrooming':
    'Ordini web dopo una visita in negozio senza acquisto di tutti i loro prodotti / ordini web di persone le cui visite sono rilevate; caso incluso: vedi showrooming',
  'Known visits with a product view inside ropo_window_days before / known visits whose window the clickstream covers; chance is among them: see store-visits':
    'Visite note con un prodotto visto entro ropo_window_days prima / visite note la cui finestra è coperta dai dati di navigazione; caso incluso: vedi store-visits',
  'Visits with an order / visits': 'Visite con un ordine / visite',
  'Revenue before returns / purchases paid online': 'Ricavi prima dei resi / acquisti pagati online',
  'Spend / purchases paid online whose last touchpoint the channel was, of channels and months with spend':
    'Spesa / acquisti pagati online di cui il canale era l’ultimo contatto, per canali e mesi con spesa',
  'Visits that fill a cart and end without an order / visits that fill a cart':
    'Visite che riempiono un carrello e finiscono senza ordine / visite che riempiono un carrello',
  'Visits with an order on phone or tablet / visits with an order whose device is known':
    'Visite con un ordine da telefono o tablet / visite con un ordine di dispositivo noto',
  'Receipts / heads counted coming in, of days with counts of every door':
    'Scontrini / ingressi contati, per giorni con i conteggi di ogni porta',
  'Revenue before returns / purchases paid in store': 'Ricavi prima dei resi / acquisti pagati in negozio',
  'Pieces sold / purchases paid in store': 'Pezzi venduti / acquisti pagati in negozio',
  'Known visits with a purchase of the same person before they left / known visits':
    'Visite note con un acquisto della stessa persona prima dell’uscita / visite note',
  'Revenue of known store lines whose product was viewed inside ropo_window_days before / revenue of known store lines that the clickstream covers; chance is among them: see ropo':
    'Ricavi delle righe note in negozio il cui prodotto era stato visto entro ropo_window_days prima / ricavi delle righe note in negozio coperte dai dati di navigazione; caso incluso: vedi ropo',
  'Revenue of those lines, net of returns, by the channel of the visit with the last view':
    'Ricavi di queste righe, al netto dei resi, per canale della visita con l’ultima visualizzazione',
  'That revenue / revenue of purchases paid online, of months with covered store lines':
    'Questi ricavi / ricavi degli acquisti pagati online, per mesi con righe in negozio coperte',
  'Collected orders with another purchase at the pick-up / collected orders':
    'Ordini ritirati con un altro acquisto al ritiro / ordini ritirati',
  'Orders paid online to be collected / orders paid online':
    'Ordini pagati online da ritirare / ordini pagati online',
  'Purchases paid online of persons who had bought before / purchases paid online of known persons':
    'Acquisti pagati online di persone che avevano già comprato / acquisti pagati online di persone note',
  'Scores / best possible scores': 'Punteggi / punteggi massimi possibili',
  '100 x (scores of 9 and 10 - scores of 0 to 6) / scores':
    '100 x (punteggi di 9 e 10 - punteggi da 0 a 6) / punteggi',
  'Customers who will not come back / customers': 'Clienti che non torneranno / clienti',
  'Expected margin of a customer': 'Margine atteso di un cliente',
  'Purchases paid in store of persons who had bought before / purchases paid in store of known persons':
    'Acquisti pagati in negozio di persone che avevano già comprato / acquisti pagati in negozio di persone note',
  'Revenue in store of known persons / revenue in store':
    'Ricavi in negozio di persone note / ricavi in negozio',
  'Persons whose card was shown at a purchase in a month, added up / months':
    'Persone che in un mese hanno mostrato la tessera a un acquisto, sommate / mesi',
  "Repeat purchases where the person's last was not / repeat purchases":
    'Acquisti ripetuti in un luogo diverso dal precedente della persona / acquisti ripetuti',
  'Expected share of customers who will buy again': 'Quota attesa di clienti che compreranno ancora',
  'Spend / repeat purchases whose last touchpoint the channel was, of channels and months with spend':
    'Spesa / acquisti ripetuti di cui il canale era l’ultimo contatto, per canali e mesi con spesa',
  '100 x (scores of 9 and 10 - scores of 0 to 6) / scores, of all places':
    '100 x (punteggi di 9 e 10 - punteggi da 0 a 6) / punteggi, di tutti i luoghi',
  'Persons who buy in their second place, online or store, for the first time in a month / persons who buy in the month':
    'Persone che in un mese comprano per la prima volta nel loro secondo luogo, online o negozio / persone che comprano nel mese',
  'Given back of purchases paid online, on the day of return / revenue of purchases paid online':
    'Rimborsato di acquisti pagati online, nel giorno di reso / ricavi degli acquisti pagati online',
  'Service contacts about the web shop / purchases paid online':
    'Contatti con l’assistenza sul negozio online / acquisti pagati online',
  'Contacts settled without a second one / contacts of which that is known':
    'Contatti risolti senza un secondo / contatti di cui lo si sa',
  'Contacts neither by phone nor at a counter / contacts of which that is known':
    'Contatti né telefonici né allo sportello / contatti di cui lo si sa',
  'Given back of purchases paid in store, on the day of return / revenue of purchases paid in store':
    'Rimborsato di acquisti pagati in negozio, nel giorno di reso / ricavi degli acquisti pagati in negozio',
  'Service contacts about a store / purchases paid in store':
    'Contatti con l’assistenza su un negozio / acquisti pagati in negozio',
  'Days from taking a repair in to giving it back':
    'Giorni dalla presa in carico di una riparazione alla riconsegna',
  'Cost of returns, contacts and pick-ups / orders': 'Costo di resi, contatti e ritiri / ordini',
  'Reasons of return that were given, one a purchase and day / returns':
    'Motivi di reso indicati, uno per acquisto e giorno / resi',
  'Returns of purchases paid online at a till / returns of purchases paid online':
    'Resi in cassa di acquisti pagati online / resi di acquisti pagati online',
};
