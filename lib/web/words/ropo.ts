import { inEach } from './language.ts';

export const ropoWords = inEach({
  en: {
    level: 'What counts as the same product',
    levels: { category: 'Same category', product: 'Same product', sku: 'Same article (SKU)' },
    shareTitle: 'How much store revenue was researched online',
    naive: 'Found in the data',
    chance: 'Chance alone',
    corrected: 'Left after chance',
    says: (naive: string, chance: string, corrected: string, low: string, high: string) =>
      `${naive} of testable store revenue came after a matching view online. Chance alone finds ${chance}. What is left is ${corrected}, with 95% certainty between ${low} and ${high}.`,
    saysRange: (naive: string, chance: string, low: string, high: string) =>
      `${naive} of testable store revenue came after a matching view online. Chance alone finds ${chance}. The ways of asking for chance contradict each other, so there is no single figure: it lies between ${low} and ${high}.`,
    saysNothing: (reason: string) => `There is no share to show: ${reason}.`,
    worth: (revenue: string, low: string, high: string) =>
      `That is ${revenue} of store revenue (${low} to ${high}) by known repeat buyers.`,
    verdict: 'Verdict',
    waterfallTitle: 'From all store purchases to those researched',
    chanceFinds: (share: string, corrected: string) => `chance alone finds ${share}, ${corrected} is left`,
    lagTitle: 'How long before buying they looked',
    real: 'Real purchases',
    placebo: 'Chance (placebo)',
    lagDays: 'Days between last view and purchase',
    lagEnds: (days: number) => `After ${days} days no more than chance`,
    lagNever: 'More than chance to the end',
    storesTitle: 'Stores, by share researched online',
    storesHint:
      'The highest share first, chance taken out, each with its interval of 95%. Stores whose lines overlap are not told apart. A store with too few buyers, or whose placebos contradict each other, has no figure and says why.',
    wholeShop: (share: string) => `whole shop ${share}`,
    people: (count: string) => `${count} known repeat buyers`,
    withheld: 'withheld',
    reach: (low: string, high: string) => `${low} to ${high}`,
    extrapolationTitle: 'What it may be for all store purchases',
    extrapolationHint:
      'Nobody knows how much unknown buyers look online. Three assumptions, and the worst case on either side.',
    delta: {
      '1': 'Unknown buyers look as much',
      '0.5': 'Unknown buyers look half as much',
      '0': 'Unknown buyers never look',
    },
    worst: (low: string, high: string) => `Whatever they do: ${low} to ${high}`,
    worstName: 'Worst and best case',
    visitsTitle: 'Visits to stores and research before',
    o2sTitle: 'What online is worth in stores',
    o2s: (one: string, factor: string) =>
      `For each ${one} sold online, research online came before ${factor} sold in stores.`,
    showroomingTitle: 'Looked in store, bought online',
    returnsTitle: 'Returns, in both views',
    returnsHint:
      'By purchase day: what today’s view of a past day has lost to returns. By return day: what was given back on a day. Over all time both come to the same.',
    collectedTitle: 'Ordered online, collected in store',
    gridTitle: 'Would another window say something else?',
    gridHint:
      'Corrected share by window and product level. Outlined: moves more than 5 points between 7 and 30 days.',
    waterfallLead:
      'Blue: what is still there. Grey: what drops out, and why. By revenue net of returns, of all buyers, matches by chance included.',
    levelsTitle: 'Each level of research against chance',
    levelsHint:
      'In lines of receipts of known repeat buyers, not in revenue of everybody: so these shares are not those of the bars above, and not those of the share by revenue at the top.',
    returnsBy: { month: 'By month', store: 'By store', category: 'By category', reason: 'By reason' },
    groupedBy: 'Grouped by',
    byPurchase: 'by purchase day',
    byReturn: 'by return day',
    gridCorner: 'Level',
    gridFound: (naive: string, chance: string) => `found ${naive}, chance alone ${chance}`,
    noFigure: 'no figure',
  },
  it: {
    level: 'Che cosa conta come stesso prodotto',
    levels: { category: 'Stessa categoria', product: 'Stesso prodotto', sku: 'Stesso articolo (SKU)' },
    shareTitle: 'Quanto fatturato in negozio è stato cercato online',
    naive: 'Trovato nei dati',
    chance: 'Solo per caso',
    corrected: 'Resta tolto il caso',
    says: (naive: string, chance: string, corrected: string, low: string, high: string) =>
      `Il ${naive} del fatturato verificabile in negozio segue una vista online corrispondente. Il caso da solo trova ${chance}. Resta ${corrected}, con il 95% di certezza tra ${low} e ${high}.`,
    saysRange: (naive: string, chance: string, low: string, high: string) =>
      `Il ${naive} del fatturato verificabile in negozio segue una vista online corrispondente. Il caso da solo trova ${chance}. I modi di interrogare il caso si contraddicono, perciò non c’è un solo valore: sta tra ${low} e ${high}.`,
    saysNothing: (reason: string) => `Nessuna quota da mostrare: ${reason}.`,
    worth: (revenue: string, low: string, high: string) =>
      `Sono ${revenue} di fatturato in negozio (da ${low} a ${high}) di clienti noti con più acquisti.`,
    verdict: 'Giudizio',
    waterfallTitle: 'Da tutti gli acquisti in negozio a quelli cercati',
    chanceFinds: (share: string, corrected: string) => `il caso da solo trova ${share}, resta ${corrected}`,
    lagTitle: 'Quanto tempo prima di comprare hanno guardato',
    real: 'Acquisti reali',
    placebo: 'Caso (placebo)',
    lagDays: 'Giorni tra ultima vista e acquisto',
    lagEnds: (days: number) => `Dopo ${days} giorni non più del caso`,
    lagNever: 'Più del caso fino alla fine',
    storesTitle: 'Negozi, per quota cercata online',
    storesHint:
      'Prima la quota più alta, tolto il caso, ciascuna con il suo intervallo del 95%. Negozi con linee sovrapposte non si distinguono. Un negozio con troppo pochi clienti, o i cui placebo si contraddicono, non ha un valore e dice perché.',
    wholeShop: (share: string) => `tutta la catena ${share}`,
    people: (count: string) => `${count} clienti abituali noti`,
    withheld: 'non mostrato',
    reach: (low: string, high: string) => `da ${low} a ${high}`,
    extrapolationTitle: 'Quanto può valere per tutti gli acquisti in negozio',
    extrapolationHint:
      'Nessuno sa quanto guardano online i clienti ignoti. Tre ipotesi, e il caso peggiore da entrambi i lati.',
    delta: {
      '1': 'Gli ignoti guardano altrettanto',
      '0.5': 'Gli ignoti guardano la metà',
      '0': 'Gli ignoti non guardano mai',
    },
    worst: (low: string, high: string) => `Qualunque cosa facciano: da ${low} a ${high}`,
    worstName: 'Caso peggiore e migliore',
    visitsTitle: 'Visite ai negozi e ricerca prima',
    o2sTitle: 'Quanto vale l’online nei negozi',
    o2s: (one: string, factor: string) =>
      `Per ogni ${one} venduti online, la ricerca online ha preceduto ${factor} venduti in negozio.`,
    showroomingTitle: 'Visto in negozio, comprato online',
    returnsTitle: 'Resi, nelle due viste',
    returnsHint:
      'Per giorno d’acquisto: quanto ha perso in resi un giorno passato. Per giorno di reso: quanto è stato reso in un giorno. Su tutto il tempo coincidono.',
    collectedTitle: 'Ordinato online, ritirato in negozio',
    gridTitle: 'Un’altra finestra direbbe altro?',
    gridHint:
      'Quota corretta per finestra e livello di prodotto. Bordati: cambiano di più di 5 punti tra 7 e 30 giorni.',
    waterfallLead:
      'Blu: ciò che resta. Grigio: ciò che esce, e perché. Sul fatturato al netto dei resi, di tutti i clienti, coincidenze per caso incluse.',
    levelsTitle: 'Ogni livello di ricerca contro il caso',
    levelsHint:
      'In righe di scontrino di clienti abituali noti, non sul fatturato di tutti: perciò queste quote non sono quelle delle barre sopra, né quella sul fatturato in cima.',
    returnsBy: { month: 'Per mese', store: 'Per negozio', category: 'Per categoria', reason: 'Per motivo' },
    groupedBy: 'Raggruppati per',
    byPurchase: 'per giorno d’acquisto',
    byReturn: 'per giorno di reso',
    gridCorner: 'Livello',
    gridFound: (naive: string, chance: string) => `trovato ${naive}, solo per caso ${chance}`,
    noFigure: 'nessun valore',
  },
});
