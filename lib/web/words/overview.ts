import { inEach } from './language.ts';

export const overviewWords = inEach({
  en: {
    period: 'The period in short',
    sold: 'Sold',
    purchases: 'Purchases',
    aov: 'Per purchase',
    credited: 'Credited to channels',
    creditedNote: 'net of returns',
    spend: 'Media spend',
    roas: 'ROAS',
    noSpend: 'Nothing was spent in this period',
    changes: (against: string, from: string, to: string) =>
      `Changes are against ${against}, ${from} – ${to}.`,
    noInterval: 'No interval: too few people, or it is still being worked out.',
    changesUnsure: 'These changes have no interval: small ones may be chance.',
    soldSentence: (when: string, sold: string, purchases: string) =>
      `${when} the shop sold ${sold} in ${purchases} purchases.`,
    changeSentence: {
      more: (by: string, against: string) => `That is ${by} more than ${against}.`,
      less: (by: string, against: string) => `That is ${by} less than ${against}.`,
      same: (against: string) => `That is as much as ${against}.`,
    },
    against: { previous_period: 'in the period before', previous_year: 'a year before' },
    fromTo: (from: string, to: string) => `From ${from} to ${to}`,
    overAllTime: 'Over all time',
    creditedSentence: (share: string) =>
      `${share} of it can be credited to channels; where the rest came from cannot be told.`,
    allCredited: 'All of it can be credited to channels.',
    ahead: (first: string, amount: string, second: string) =>
      `${first} brought the most, ${amount}. Over all time, its lead over ${second} is more than chance.`,
    alike: (first: string, second: string, amount: string) =>
      `${first} brought the most, ${amount}, but over all time it cannot be told apart from ${second}.`,
    most: (first: string, amount: string) => `${first} brought the most, ${amount}.`,
    only: (first: string, amount: string) => `${first} brought ${amount}.`,
    earns: (channels: string, models: number) =>
      `Over all time, credited with more than they cost by all ${models} models: ${channels}.`,
    ropoSentence: (corrected: string, naive: string) =>
      `${corrected} of store revenue of known repeat buyers was researched online before, chance taken out; without that it would read ${naive}.`,
    ropoUnsure: (low: string, high: string) =>
      `How much store revenue was researched online is unsure: between ${low} and ${high}, for the placebos contradict each other.`,
    sources: 'Where it came from',
    sourcesLead: (model: string) =>
      `Revenue credited to channels by ${model}, with what chance alone may move it.`,
    sourcesLeadPlain: (model: string) => `Revenue credited to channels by ${model}.`,
    moreChannels: (count: number) =>
      count === 1 ? 'One smaller channel is in the table.' : `${count} smaller channels are in the table.`,
    notCredited: 'Not credited',
    ofSold: (share: string) => `${share} of sold`,
    sourcesDescribe: (first: string, amount: string, rows: number) =>
      `Bars of credited revenue of ${rows} channels. The longest is ${first} with ${amount}.`,
    tip: (name: string, amount: string, low: string, high: string) =>
      `${name}: ${amount}, between ${low} and ${high}`,
    sure: 'How sure is this?',
    identified: 'Purchases of known people',
    identifiedNote: 'Only these can be credited to a channel.',
    adds: 'Every cent is accounted for',
    addsNot: (difference: string) => `${difference} is not accounted for`,
    addsNote: 'Received = credited + not credited + left out, over all time.',
    model: 'What the choice of model decides most',
    modelNote: (channel: string, least: string, most: string) =>
      `${channel}: from ${least} to ${most} of credited revenue, by model`,
    chance: 'What chance decides',
    chanceNote: (channel: string, low: string, high: string) => `${channel}: between ${low} and ${high}`,
    ropo: 'Researched online, bought in store',
    ropoLead:
      'Share of store revenue of known repeat buyers whose category was viewed online in the 14 days before.',
    naive: 'As counted',
    placebo: 'Found by chance alone',
    corrected: 'Beyond chance',
    ropoDescribe: (naive: string, placebo: string, corrected: string) =>
      `As counted ${naive}; a placebo finds ${placebo}; beyond chance ${corrected}.`,
    movers: 'What changed',
    moversLead: (against: string) => `Channels whose credited revenue moved most, against ${against}.`,
    moversAgainst: { previous_period: 'the period before', previous_year: 'the year before' },
    moversNone: 'Choose what to compare with, and a period with days before it.',
    maybeChance: 'may be chance',
    before: 'before',
    now: 'now',
    alerts: 'Alerts',
    noAlerts: 'No figure has left its band, and data arrive as usual.',
    since: (day: string) => `since ${day}`,
    severity: { warning: 'Warning', critical: 'Critical' } as Readonly<Record<string, string>>,
    targets: 'Targets of the quarter',
    targetsLead:
      'Dark bar: so far. Light band: where the quarter ends in eight of ten cases. Black line: the target.',
    closed: 'came to',
    pace: 'planned by now',
    spendStatus: {
      'on track': 'on track',
      behind: 'below budget',
      ahead: 'over budget',
      missed: 'below budget',
      met: 'budget spent',
    } as Readonly<Record<string, string>>,
    noTargets: 'No targets are set. They stand in the file targets.csv of the shop’s settings.',
    actual: 'so far',
    target: 'target',
    forecast: 'forecast',
    status: {
      'on track': 'on track',
      behind: 'behind',
      ahead: 'ahead',
      missed: 'missed',
      met: 'met',
    } as Readonly<Record<string, string>>,
    moreOn: (view: string) => `More: ${view}`,
  },
  it: {
    period: 'Il periodo in breve',
    sold: 'Venduto',
    purchases: 'Acquisti',
    aov: 'Per acquisto',
    credited: 'Attribuito ai canali',
    creditedNote: 'al netto dei resi',
    spend: 'Spesa media',
    roas: 'ROAS',
    noSpend: 'In questo periodo non si è speso niente',
    changes: (against: string, from: string, to: string) =>
      `Le variazioni sono rispetto ${against}, ${from} – ${to}.`,
    noInterval: 'Nessun intervallo: troppo poche persone, o è ancora in calcolo.',
    changesUnsure: 'Queste variazioni non hanno un intervallo: quelle piccole possono essere caso.',
    soldSentence: (when: string, sold: string, purchases: string) =>
      `${when} il negozio ha venduto ${sold} in ${purchases} acquisti.`,
    changeSentence: {
      more: (by: string, against: string) => `È il ${by} in più rispetto ${against}.`,
      less: (by: string, against: string) => `È il ${by} in meno rispetto ${against}.`,
      same: (against: string) => `Nessuna differenza rispetto ${against}.`,
    },
    against: { previous_period: 'al periodo precedente', previous_year: 'a un anno prima' },
    fromTo: (from: string, to: string) => `Dal ${from} al ${to}`,
    overAllTime: 'In tutto il tempo',
    creditedSentence: (share: string) =>
      `Il ${share} si può attribuire ai canali; da dove viene il resto non si può dire.`,
    allCredited: 'Si può attribuire tutto ai canali.',
    ahead: (first: string, amount: string, second: string) =>
      `${first} ha portato di più, ${amount}. Su tutto il tempo, il vantaggio su ${second} è oltre il caso.`,
    alike: (first: string, second: string, amount: string) =>
      `${first} ha portato di più, ${amount}, ma su tutto il tempo non si distingue da ${second}.`,
    most: (first: string, amount: string) => `${first} ha portato di più, ${amount}.`,
    only: (first: string, amount: string) => `${first} ha portato ${amount}.`,
    earns: (channels: string, models: number) =>
      `Su tutto il tempo, con più ricavi che costi in tutti i ${models} modelli: ${channels}.`,
    ropoSentence: (corrected: string, naive: string) =>
      `Il ${corrected} dei ricavi in negozio di clienti abituali noti era stato cercato online, tolto il caso; senza toglierlo si leggerebbe ${naive}.`,
    ropoUnsure: (low: string, high: string) =>
      `Quanto dei ricavi in negozio era stato cercato online è incerto: tra ${low} e ${high}, perché i placebo si contraddicono.`,
    sources: 'Da dove viene',
    sourcesLead: (model: string) =>
      `Ricavi attribuiti ai canali da ${model}, con quanto il solo caso può spostarli.`,
    sourcesLeadPlain: (model: string) => `Ricavi attribuiti ai canali da ${model}.`,
    moreChannels: (count: number) =>
      count === 1
        ? 'Un canale più piccolo è nella tabella.'
        : `${count} canali più piccoli sono nella tabella.`,
    notCredited: 'Non attribuito',
    ofSold: (share: string) => `${share} del venduto`,
    sourcesDescribe: (first: string, amount: string, rows: number) =>
      `Barre dei ricavi attribuiti a ${rows} canali. La più lunga è ${first} con ${amount}.`,
    tip: (name: string, amount: string, low: string, high: string) =>
      `${name}: ${amount}, tra ${low} e ${high}`,
    sure: 'Quanto è sicuro?',
    identified: 'Acquisti di persone note',
    identifiedNote: 'Solo questi si possono attribuire a un canale.',
    adds: 'I conti tornano al centesimo',
    addsNot: (difference: string) => `${difference} senza spiegazione`,
    addsNote: 'Ricevuto = attribuito + non attribuito + escluso, su tutto il tempo.',
    model: 'Quanto decide la scelta del modello',
    modelNote: (channel: string, least: string, most: string) =>
      `${channel}: dal ${least} al ${most} dei ricavi attribuiti, secondo il modello`,
    chance: 'Quanto decide il caso',
    chanceNote: (channel: string, low: string, high: string) => `${channel}: tra ${low} e ${high}`,
    ropo: 'Cercato online, comprato in negozio',
    ropoLead:
      'Quota dei ricavi in negozio di clienti abituali noti la cui categoria era stata vista online nei 14 giorni prima.',
    naive: 'Come contato',
    placebo: 'Trovato dal solo caso',
    corrected: 'Oltre il caso',
    ropoDescribe: (naive: string, placebo: string, corrected: string) =>
      `Come contato ${naive}; un placebo trova ${placebo}; oltre il caso ${corrected}.`,
    movers: 'Che cosa è cambiato',
    moversLead: (against: string) =>
      `Canali i cui ricavi attribuiti si sono mossi di più, rispetto ${against}.`,
    moversAgainst: { previous_period: 'al periodo precedente', previous_year: 'all’anno precedente' },
    moversNone: 'Scegli con che cosa confrontare, e un periodo che ne abbia uno prima.',
    maybeChance: 'può essere caso',
    before: 'prima',
    now: 'ora',
    alerts: 'Avvisi',
    noAlerts: 'Nessuna cifra è uscita dalla sua fascia, e i dati arrivano come al solito.',
    since: (day: string) => `dal ${day}`,
    severity: { warning: 'Attenzione', critical: 'Critico' } as Readonly<Record<string, string>>,
    targets: 'Obiettivi del trimestre',
    targetsLead:
      'Barra scura: finora. Fascia chiara: dove finisce il trimestre in otto casi su dieci. Linea nera: l’obiettivo.',
    closed: 'risultato',
    pace: 'previsto a oggi',
    spendStatus: {
      'on track': 'in linea',
      behind: 'sotto il budget',
      ahead: 'sopra il budget',
      missed: 'sotto il budget',
      met: 'budget speso',
    } as Readonly<Record<string, string>>,
    noTargets: 'Nessun obiettivo è impostato. Stanno nel file targets.csv delle impostazioni del negozio.',
    actual: 'finora',
    target: 'obiettivo',
    forecast: 'previsione',
    status: {
      'on track': 'in linea',
      behind: 'sotto l’obiettivo',
      ahead: 'sopra l’obiettivo',
      missed: 'mancato',
      met: 'raggiunto',
    } as Readonly<Record<string, string>>,
    moreOn: (view: string) => `Di più: ${view}`,
  },
});
export type OverviewWords = (typeof overviewWords)['en'];
