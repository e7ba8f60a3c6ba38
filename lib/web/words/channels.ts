import { inEach } from './language.ts';

export const channelsWords = inEach({
  en: {
    conclusions: 'What can be said, whatever the model',
    conclusionsLead:
      'Only what every model says beyond chance is a finding. The rest is a belief about the model.',
    kinds: {
      most_revenue: 'Most revenue in every model',
      earns_its_spend: 'Credited with more than they cost',
      below_its_spend: 'Credited with less than they cost',
      ahead: 'Ahead in every model',
      depends_on_model: 'Depends on the model who is ahead',
      never_distinguishable: 'Not distinguishable in any model',
    } as Readonly<Record<string, string>>,
    pair: (one: string, other: string) => `${one} or ${other}`,
    aheadOf: (one: string, other: string) => `${one} before ${other}`,
    andMore: (count: number) => `and ${count} more`,
    nothing: 'none',
    models: 'The models side by side',
    modelsLead: (model: string) =>
      `Share of all credited revenue, over all time. Each small mark is a model; the dot with its interval is ${model}.`,
    modelsDescribe: (channel: string, least: string, most: string) =>
      `For each channel its share in each model. They are furthest apart on ${channel}: from ${least} to ${most}.`,
    modelTip: (channel: string, model: string, share: string) => `${channel}, ${model}: ${share}`,
    channel: 'Channel',
    ranks: 'Who is ahead of whom',
    ranksLead: (model: string) =>
      `By credited revenue over all time in ${model}, all pairs considered. Channels that are not distinguishable have no order.`,
    notFrom: 'Not distinguishable from',
    aheadCount: 'Ahead of, beyond chance',
    channels: (count: number) => (count === 1 ? '1 channel' : `${count} channels`),
    byRevenue: 'By revenue',
    byRoas: 'By ROAS',
    measure: 'Compared by',
    spend: 'Spend against credit',
    spendLead:
      'Above the line, credited revenue is more than spend. Credit is not effect: a model assigns it.',
    spendDescribe: (channels: number, above: number) =>
      `${channels} channels with spend, by what was spent and what was credited; ${above} are above the line where both are equal.`,
    spendTip: (name: string, spend: string, revenue: string, roas: string) =>
      `${name}: spent ${spend}, credited ${revenue}, ROAS ${roas}`,
    spendAxis: 'Spend',
    creditAxis: 'Credited revenue',
    equal: 'as much credited as spent',
    noSpend: 'No channel has spend in this period.',
    nothingCredited: (names: string) =>
      names && `Not in the picture, for nothing was credited to what was spent: ${names}.`,
    nothingSpent: (names: string) => names && `Not in the picture, for nothing was spent: ${names}.`,
    spendUnknown: (names: string) =>
      names && `Not in the picture, for spend is withheld or in another currency: ${names}.`,
    table: 'All channels',
    tableLead: 'Revenue is net of returns. Channels with spend and no purchase are rows too.',
    noneSpent: 'nothing was spent',
    maybeChance: 'may be chance',
    breakdown: 'Credit by anything else',
    breakdownLead: 'With the interval of each figure, for the period and the filters of the page.',
    breakdownBy: 'By',
    groupings: {
      campaign: 'campaign',
      source_medium: 'source and medium',
      store: 'store',
      region: 'region',
      category: 'category',
      product: 'product',
      device: 'device',
      persona: 'persona',
      customer_type: 'new or returning',
      month: 'month',
    },
  },
  it: {
    conclusions: 'Che cosa si può dire, qualunque sia il modello',
    conclusionsLead:
      'È un risultato solo ciò che ogni modello dice oltre il caso. Il resto dipende da quale modello si crede.',
    kinds: {
      most_revenue: 'Più ricavi in ogni modello',
      earns_its_spend: 'Con più ricavi che costi',
      below_its_spend: 'Con meno ricavi che costi',
      ahead: 'Avanti in ogni modello',
      depends_on_model: 'Chi è avanti dipende dal modello',
      never_distinguishable: 'Non distinguibili in nessun modello',
    } as Readonly<Record<string, string>>,
    pair: (one: string, other: string) => `${one} o ${other}`,
    aheadOf: (one: string, other: string) => `${one} prima di ${other}`,
    andMore: (count: number) => `e altri ${count}`,
    nothing: 'nessuno',
    models: 'I modelli a confronto',
    modelsLead: (model: string) =>
      `Quota di tutti i ricavi attribuiti, su tutto il tempo. Ogni segno piccolo è un modello; il punto con il suo intervallo è ${model}.`,
    modelsDescribe: (channel: string, least: string, most: string) =>
      `Per ogni canale la sua quota in ogni modello. Sono più lontani su ${channel}: dal ${least} al ${most}.`,
    modelTip: (channel: string, model: string, share: string) => `${channel}, ${model}: ${share}`,
    channel: 'Canale',
    ranks: 'Chi è avanti a chi',
    ranksLead: (model: string) =>
      `Per ricavi attribuiti su tutto il tempo da ${model}, con tutte le coppie considerate. Canali non distinguibili non hanno un ordine.`,
    notFrom: 'Non distinguibile da',
    aheadCount: 'Avanti, oltre il caso, a',
    channels: (count: number) => (count === 1 ? '1 canale' : `${count} canali`),
    byRevenue: 'Per ricavi',
    byRoas: 'Per ROAS',
    measure: 'Confronto',
    spend: 'Spesa e ricavi attribuiti',
    spendLead:
      'Sopra la linea, i ricavi attribuiti superano la spesa. Attribuito non vuol dire causato: lo assegna un modello.',
    spendDescribe: (channels: number, above: number) =>
      `${channels} canali con spesa, secondo quanto speso e quanto attribuito; ${above} sono sopra la linea di parità.`,
    spendTip: (name: string, spend: string, revenue: string, roas: string) =>
      `${name}: spesi ${spend}, attribuiti ${revenue}, ROAS ${roas}`,
    spendAxis: 'Spesa',
    creditAxis: 'Ricavi attribuiti',
    equal: 'attribuito quanto speso',
    noSpend: 'In questo periodo nessun canale ha spesa.',
    nothingCredited: (names: string) =>
      names && `Non nel grafico, perché alla spesa non è attribuito niente: ${names}.`,
    nothingSpent: (names: string) => names && `Non nel grafico, perché non si è speso niente: ${names}.`,
    spendUnknown: (names: string) =>
      names && `Non nel grafico, perché la spesa non si mostra o è in un’altra valuta: ${names}.`,
    table: 'Tutti i canali',
    tableLead: 'I ricavi sono al netto dei resi. Anche i canali con spesa e senza acquisti sono righe.',
    noneSpent: 'non si è speso niente',
    maybeChance: 'può essere caso',
    breakdown: 'Attribuzione secondo altro',
    breakdownLead: 'Con l’intervallo di ogni cifra, per il periodo e i filtri della pagina.',
    breakdownBy: 'Per',
    groupings: {
      campaign: 'campagna',
      source_medium: 'fonte e mezzo',
      store: 'negozio',
      region: 'regione',
      category: 'categoria',
      product: 'prodotto',
      device: 'dispositivo',
      persona: 'persona tipo',
      customer_type: 'cliente nuovo o di ritorno',
      month: 'mese',
    },
  },
});
export type ChannelsWords = (typeof channelsWords)['en'];
