/** KPIs of research online and purchase in store: texts of the catalogue, by their English. */
export const ROPO_TEXTS: Readonly<Record<string, string>> = {
  'Store purchases whose person viewed the product online before: naive, what chance finds, and corrected for it':
    'Acquisti in negozio di persone che prima avevano visto il prodotto online: valore grezzo, quanto ne trova il caso, e valore corretto',
  'Association, not proof that the site caused the sale':
    'È un’associazione, non la prova che il sito abbia causato la vendita',
  'Revenue of merchandise lines net of returns; none by channel or campaign, which are parts of one share':
    'Ricavi delle righe di merce al netto dei resi; assente per canale o campagna, che sono parti di un’unica quota',
  'Revenue of lines whose buyer is known / all; of the whole by channel or campaign':
    'Ricavi delle righe di acquirente noto / tutti i ricavi; per canale o campagna, dell’insieme',
  'Lines whose buyer is known / all lines': 'Righe di acquirente noto / tutte le righe',
  'Persons with testable lines: known, repeat buyers unless asked otherwise, a whole window into the clickstream':
    'Persone con righe verificabili: note, clienti abituali se non richiesto altrimenti, con un’intera finestra di dati di navigazione alle spalle',
  'Part of testable lines whose person had viewed it online before, inside the window: chance included':
    'Parte delle righe verificabili la cui persona le aveva viste online prima, entro la finestra: caso incluso',
  "Part that the own-basket placebo finds: the item of another receipt of the same person in the line's place":
    'Parte trovata dal placebo dei propri scontrini: al posto della riga, l’articolo di un altro scontrino della stessa persona',
  'Naive with chance taken out: (naive - chance) / (1 - chance); none where the placebos contradict each other':
    'Quota grezza al netto del caso: (grezza - caso) / (1 - caso); assente dove i placebo si contraddicono',
  'Lower end of its 95% interval, each person one observation; of the band of all placebos where they contradict':
    'Estremo inferiore del suo intervallo al 95%, ogni persona un’osservazione; della fascia di tutti i placebo dove si contraddicono',
  'Upper end of the same': 'Estremo superiore dello stesso',
  'Corrected share of the identified revenue of these buyers; none where the placebos contradict each other':
    'Quota corretta applicata ai ricavi identificati di questi acquirenti; assente dove i placebo si contraddicono',
  'Lower end of its band: the interval, and all placebos where they contradict each other':
    'Estremo inferiore della fascia: l’intervallo, e tutti i placebo dove si contraddicono',
  'Upper end of its band': 'Estremo superiore della fascia',
  'Corrected by items of other receipts of the same person':
    'Corretta con gli articoli di altri scontrini della stessa persona',
  'Lower bound of its own 95% interval': 'Limite inferiore del proprio intervallo al 95%',
  'Upper bound of its own 95% interval': 'Limite superiore del proprio intervallo al 95%',
  'Corrected by purchases moved some weeks back and ahead':
    'Corretta spostando gli acquisti di alcune settimane indietro e avanti',
  'Corrected by the days after the purchase, without 48 hours and the SKU bought':
    'Corretta con i giorni dopo l’acquisto, senza le prime 48 ore e senza lo SKU acquistato',
  'Chance of such a share without research, adjusted for all rows (Benjamini and Hochberg)':
    'Probabilità di una tale quota senza ricerca online, aggiustata per tutte le righe (Benjamini e Hochberg)',
  'ROPO waterfall': 'Cascata ROPO',
  'From all store purchases to those researched online; each step is the next and what does not reach it, by reason':
    'Da tutti gli acquisti in negozio a quelli cercati online; ogni passo è il successivo più ciò che non vi arriva, per motivo',
  'Steps of research hold chance matches; the share with chance taken out stands beside them, its interval in ropo':
    'I passi di ricerca contengono coincidenze; la quota al netto del caso sta accanto, il suo intervallo in ropo',
  'Receipts, as far as the farthest of their lines':
    'Scontrini, fin dove arriva la più avanzata delle loro righe',
  'Merchandise lines': 'Righe di merce',
  'Their revenue before returns': 'I loro ricavi prima dei resi',
  'Their revenue net of returns': 'I loro ricavi al netto dei resi',
  'Net revenue / net revenue of all store purchases':
    'Ricavi netti / ricavi netti di tutti gli acquisti in negozio',
  'Part of testable lines whose person had viewed it online before, inside the window: chance included; repeat buyers, by lines':
    'Parte delle righe verificabili la cui persona le aveva viste online prima, entro la finestra: caso incluso; clienti abituali, contando le righe',
  'Part of the same lines that a placebo finds': 'Parte delle stesse righe trovata da un placebo',
  'Naive with chance taken out: (naive - chance) / (1 - chance)':
    'Quota grezza al netto del caso: (grezza - caso) / (1 - caso)',
  'ROPO lag curve': 'Curva dei tempi ROPO',
  'Days between the last view and the purchase: real against placebo, over all time':
    'Giorni tra l’ultima visualizzazione e l’acquisto: dati reali contro placebo, su tutto il tempo',
  'Lines that research precedes have no later match left, so the excess falls below zero after it ends':
    'Alle righe precedute da una ricerca non resta una coincidenza più lontana: esaurita la ricerca, l’eccesso scende sotto zero',
  'Part of lines that were last viewed so many days before':
    'Parte delle righe viste per l’ultima volta tanti giorni prima',
  'Part of lines that the placebo finds there': 'Parte delle righe che il placebo trova a quella distanza',
  'Real - chance': 'Reale - caso',
  'Lower bound of its 95% interval, each person one observation':
    'Limite inferiore dell’intervallo al 95%, ogni persona un’osservazione',
  'Upper bound of its 95% interval': 'Limite superiore dell’intervallo al 95%',
  'Lower bound of its 95% interval': 'Limite inferiore dell’intervallo al 95%',
  'Days until two in a row have zero, or less, inside their interval':
    'Giorni finché due di seguito hanno lo zero, o meno, nel loro intervallo',
  'ROPO of all store purchases': 'ROPO di tutti gli acquisti in negozio',
  'The corrected share extended from identified to all store purchases, by strata, under assumptions that are stated':
    'La quota corretta estesa dagli acquisti identificati a tutti quelli in negozio, per strati, con ipotesi dichiarate',
  'Association, not proof that the site caused the sale; no data here says how much unidentified buyers research, so read the rows together; identified buyers with one receipt are taken to research like repeat buyers; where ropo calls the share behaviour-driven, it is no more reliable here':
    'È un’associazione, non la prova che il sito abbia causato la vendita; nessun dato dice quanto cercano online gli acquirenti non identificati, perciò le righe vanno lette insieme; si assume che gli acquirenti identificati con un solo scontrino cerchino come i clienti abituali; dove ropo dice che la quota è guidata dal comportamento, qui non è più affidabile',
  'Store revenue net of returns, scaled by the two fractions':
    'Ricavi in negozio al netto dei resi, riportati al totale con le due frazioni',
  'Revenue whose buyer is known / all': 'Ricavi di acquirente noto / tutti',
  'Revenue of repeat buyers a whole window into the clickstream / all':
    'Ricavi dei clienti abituali con un’intera finestra di dati di navigazione alle spalle / tutti',
  'Persons with testable lines': 'Persone con righe verificabili',
  'Corrected ROPO revenue / revenue of all transactions':
    'Ricavi ROPO corretti / ricavi di tutte le transazioni',
  'If no purchase that was not tested was researched':
    'Se nessun acquisto non verificato fosse stato cercato online',
  'If every purchase that was not tested was researched':
    'Se ogni acquisto non verificato fosse stato cercato online',
  'Share of the revenue of all transactions': 'Quota applicata ai ricavi di tutte le transazioni',
  'Lower bound of its interval': 'Limite inferiore del suo intervallo',
  'Upper bound of its interval': 'Limite superiore del suo intervallo',
  'Lower end of the worst case': 'Estremo inferiore del caso peggiore',
  'Upper end of the worst case': 'Estremo superiore del caso peggiore',
  'ROPO by window and level': 'ROPO per finestra e livello',
  'What the share would be with another window or level, of the same purchases, over all time':
    'Quale sarebbe la quota con un’altra finestra o un altro livello, sugli stessi acquisti, su tutto il tempo',
  'Association, not proof that the site caused the sale; a share that moves by more than 5 points between 7 and 30 days is made by the window':
    'È un’associazione, non la prova che il sito abbia causato la vendita; una quota che cambia di più di 5 punti tra 7 e 30 giorni la fa la finestra',
  'Lines behind the cell': 'Righe su cui poggia la cella',
};
