/** KPIs of stages, economics and customers: texts of the catalogue, by their English. */
export const VALUE_TEXTS: Readonly<Record<string, string>> = {
  Stages: 'Fasi',
  'The omnichannel model: figures of the stages awareness, consideration, decision, service, loyalty, online, store, across, on the levels revenue, cost, experience, digitalisation':
    'Il modello omnicanale: cifre delle fasi scoperta, valutazione, decisione, servizio, fedeltà, online, in negozio e tra i due, sui livelli ricavi, costi, esperienza, digitalizzazione',
  'Of whole months inside the period. Visits count with the channel that brought them, purchases, returns and contacts with the channel of the last touchpoint before the purchase. Figures that say "with chance" hold what chance alone finds':
    'Di mesi interi compresi nel periodo. Le visite contano con il canale che le ha portate; acquisti, resi e contatti con il canale dell’ultimo contatto prima dell’acquisto. Le cifre con “caso incluso” contengono ciò che trova il solo caso',
  'Numerator / denominator, or the numerator alone where the figure is a sum':
    'Numeratore / denominatore, o il solo numeratore dove la cifra è una somma',
  'Upper sum of the figure; money in major units':
    'Somma al numeratore della cifra; importi in unità intere di valuta',
  'Lower sum of the figure; money in major units':
    'Somma al denominatore della cifra; importi in unità intere di valuta',
  'Known people behind it': 'Persone note su cui poggia',
  'Channel economics': 'Margini dei canali',
  "What is left of each channel's credited revenue, step by step: goods (CM1), variable cost (CM2), media (CM3), what comes after the sale (CM4), fixed cost of the channel (result)":
    'Che cosa resta dei ricavi attribuiti a ogni canale, passo per passo: merce (MC1), costi variabili (MC2), media (MC3), ciò che segue la vendita (MC4), costi fissi del canale (risultato)',
  'Revenue and cost are split by credit, which is what the model assigns and not what marketing caused; cost-assumptions lists the rates. The result has no interval: costs are the stated rates, and how sure credit is says attribution-intervals':
    'Ricavi e costi sono ripartiti per attribuzione, cioè per quanto il modello assegna, non per quanto il marketing ha causato; le tariffe sono elencate in cost-assumptions. Il risultato non ha intervallo: i costi sono le tariffe indicate, e quanto è certa l’attribuzione lo dice attribution-intervals',
  'Credited revenue net of returns, which count on their own day; (unattributed) is what no model credits, so that all channels come to all revenue of the shop':
    'Ricavi attribuiti al netto dei resi, che contano nel loro giorno; (non attribuito) è ciò che nessun modello assegna, così che tutti i canali insieme danno tutti i ricavi del negozio',
  'Unit cost of the products x quantity, goods given back taken off; where that is unknown, the rate of the cost table':
    'Costo unitario dei prodotti x quantità, tolta la merce resa; dove non è noto, la tariffa della tabella dei costi',
  'Contribution margin 1: net revenue - cost of goods':
    'Margine di contribuzione 1: ricavi netti - costo del venduto',
  'Rates of stage variable: payment, picking, freight, commissions; shares are of what was sold, before returns':
    'Tariffe dei costi variabili: pagamento, preparazione, trasporto, commissioni; le quote sono sul venduto, prima dei resi',
  'Contribution margin 2: CM1 - variable cost': 'Margine di contribuzione 2: MC1 - costi variabili',
  'What was spent on the channel, whatever came of it':
    'Quanto si è speso per il canale, qualunque sia l’esito',
  'Contribution margin 3: CM2 - media cost': 'Margine di contribuzione 3: MC2 - spesa media',
  'Rates of stage downstream on what has happened: returns, markdown, service contacts, pick-ups, each on its day':
    'Tariffe dei costi successivi su ciò che è avvenuto: resi, svalutazione della merce resa, contatti con l’assistenza, ritiri, ciascuno nel suo giorno',
  'Downstream cost that the sales of the period are still to bring, by the days since each sale and how past sales went on; falls to nothing as it lands':
    'Costi successivi che le vendite del periodo devono ancora portare, secondo i giorni da ogni vendita e l’andamento delle vendite passate; si azzera man mano che arrivano',
  'Contribution margin 4: CM3 - downstream cost - reserve':
    'Margine di contribuzione 4: MC3 - costi successivi - accantonamento',
  'Monthly cost that belongs to the channel, spread over the days of the month':
    'Costo mensile proprio del canale, distribuito sui giorni del mese',
  'CM4 - fixed cost of the channel; overhead is not in it':
    'MC4 - costi fissi del canale; i costi generali non sono compresi',
  'Result / net revenue; none where there is no revenue':
    'Risultato / ricavi netti; assente dove non ci sono ricavi',
  'Part of sales, net of returns, whose cost of goods is a rate and no unit cost, of what was sold':
    'Parte delle vendite, al netto dei resi, il cui costo è una tariffa e non un costo unitario, sul venduto',
  'Cost assumptions': 'Ipotesi sui costi',
  'Every rate that channel-economics rests on, with the row it comes from, and what is not stated':
    'Ogni tariffa su cui poggia channel-economics, con la riga da cui viene, e ciò che non è indicato',
  'Cost per order, line, return, contact, pick-up or month, or a share of revenue; empty where nothing is stated':
    'Costo per ordine, riga, reso, contatto, ritiro o mese, oppure quota dei ricavi; vuoto dove non è indicato niente',
  'Known buyers by group: what they brought so far, whether they are still customers, and the margin they are expected to bring in the next twelve months':
    'Acquirenti noti per gruppo: che cosa hanno portato finora, se sono ancora clienti, e il margine atteso nei prossimi dodici mesi',
  'People differ before any channel reaches them: that customers of more channels, or of one first channel, are worth more does not say that the channel made them so. Value rests on a model; customer-value-calibration shows how it did':
    'Le persone sono diverse prima che un canale le raggiunga: che i clienti di più canali, o di un certo primo canale, valgano di più non dice che sia merito del canale. Il valore poggia su un modello; come si è comportato lo mostra customer-value-calibration',
  'Known persons with a purchase in the currency': 'Persone note con un acquisto nella valuta',
  'Their purchases, all time': 'I loro acquisti, su tutto il tempo',
  'Their revenue net of returns, all time': 'I loro ricavi al netto dei resi, su tutto il tempo',
  'Revenue / customers': 'Ricavi / clienti',
  'Revenue less cost of the goods kept; revenue of goods of unknown cost at the rate of the others; none where no cost is known':
    'Ricavi meno il costo della merce non resa; per la merce di costo ignoto vale il tasso dell’altra; assente dove nessun costo è noto',
  'Margin / customers': 'Margine / clienti',
  'Part of the revenue whose cost of goods is known': 'Parte dei ricavi il cui costo del venduto è noto',
  'Average chance that a customer will ever buy again (MBG/NBD)':
    'Probabilità media che un cliente compri ancora (MBG/NBD)',
  'Part of the customers whose chance to buy again is below the threshold that told buyers from others best on the holdout':
    'Parte dei clienti la cui probabilità di comprare ancora è sotto la soglia che, nel periodo di verifica, separava meglio chi compra dagli altri',
  'Part of the customers who have been silent for longer than nine of ten gaps between purchases of a customer like them':
    'Parte dei clienti inattivi da più tempo di nove intervalli su dieci tra gli acquisti di un cliente simile',
  'Days with a purchase expected in the next 365 days':
    'Giorni con un acquisto attesi nei prossimi 365 giorni',
  'Margin expected in the next 365 days, later margin discounted (MBG/NBD with Gamma-Gamma)':
    'Margine atteso nei prossimi 365 giorni, attualizzato (MBG/NBD con Gamma-Gamma)',
  'Lower bound of the interval of what they will bring: what the fit leaves open, and chance':
    'Limite inferiore dell’intervallo di ciò che porteranno: incertezza della stima, e caso',
  'Upper bound of the same': 'Limite superiore dello stesso',
  'Lower bound of the interval of the group / customers':
    'Limite inferiore dell’intervallo del gruppo / clienti',
  'Value of twelve months / customers': 'Valore a dodici mesi / clienti',
  'Fit of customer value': 'Stima del valore dei clienti',
  'Parameters of the purchase process (MBG/NBD: r, alpha, a, b) and of margin per day with a purchase (Gamma-Gamma: p, q, gamma), with intervals, and what they were fitted on':
    'Parametri del processo d’acquisto (MBG/NBD: r, alpha, a, b) e del margine per giorno d’acquisto (Gamma-Gamma: p, q, gamma), con intervalli, e su che cosa sono stimati',
  'The figure, in the unit of its row': 'La cifra, nell’unità della sua riga',
  'Calibration of customer value': 'Calibrazione del valore dei clienti',
  'Purchases that the model, fitted on the first part of the observed time, expected of customers in the rest, beside what they bought; by tenths of what was expected':
    'Acquisti che il modello, stimato sulla prima parte del tempo osservato, attendeva dai clienti nel resto, accanto a quelli avvenuti; per decimi di acquisti attesi',
  'It tests the fit of the first part; the figures of customers come from a fit of the whole. No rows where the history is too short':
    'Verifica la stima sulla prima parte; le cifre dei clienti vengono da una stima su tutto il tempo. Nessuna riga dove la storia è troppo breve',
  'Persons whose first purchase was before the holdout':
    'Persone il cui primo acquisto precede il periodo di verifica',
  'Days with a purchase expected': 'Giorni con un acquisto attesi',
  'Days with a purchase that came': 'Giorni con un acquisto avvenuti',
  'What everyone would have bought by going on as before: repeats per day observed, times the days of the holdout':
    'Quanto avrebbero comprato tutti continuando come prima: acquisti ripetuti per giorno osservato, per i giorni del periodo di verifica',
  'Persons expected to buy at least once': 'Persone da cui si attendeva almeno un acquisto',
  'Persons who did': 'Persone che hanno comprato',
  'Mean square of the chance to buy less the outcome; 0 is best':
    'Media dei quadrati di probabilità d’acquisto meno esito; 0 è il meglio',
  'The same where all go on as before': 'Lo stesso, se tutti continuano come prima',
  'The same where each has the chance that turned out to be that of all: nobody told apart':
    'Lo stesso, se ognuno ha la probabilità risultata per tutti: nessuno si distingue',
  'Purchases that a prediction misses by, on average': 'Di quanti acquisti sbaglia una previsione, in media',
  'The same of going on as before': 'Lo stesso, continuando come prima',
};
