/** KPIs of attribution and of the models: texts of the catalogue, by their English. */
export const ATTRIBUTION_TEXTS: Readonly<Record<string, string>> = {
  Attribution: 'Attribuzione',
  'Revenue and purchases credited to marketing by an attribution model, beside what was spent on it and the margin it left':
    'Ricavi e acquisti che un modello di attribuzione assegna al marketing, accanto alla spesa media e al margine che ne resta',
  'Credit is what the model assigns, not what marketing caused; attribution-intervals says how sure it is. Stores, goods, personas and customer types are those of the purchase, devices those of the touchpoint. Closed periods keep their figures by channel, campaign and time; other groups are of what is known now, with what closed figures differ by in a row of its own, and with a filter of these without one':
    'L’attribuzione è ciò che il modello assegna, non ciò che il marketing ha causato; quanto è certa lo dice attribution-intervals. Negozi, merce, personas e tipi di cliente sono quelli dell’acquisto, i dispositivi quelli del contatto. I periodi chiusi mantengono le loro cifre per canale, campagna e tempo; gli altri raggruppamenti seguono ciò che è noto oggi, con la differenza dai periodi chiusi in una riga a parte, che manca quando uno di questi fa da filtro',
  'Credited revenue net of returns; sales count on the day of purchase, returns on the day of return':
    'Ricavi attribuiti al netto dei resi; le vendite contano nel giorno d’acquisto, i resi nel giorno di reso',
  'Credited revenue net of returns': 'Ricavi attribuiti al netto dei resi',
  'Lower bound of the interval of revenue, by resampling persons':
    'Limite inferiore dell’intervallo dei ricavi, ricampionando le persone',
  'Upper bound of the interval of revenue, by resampling persons':
    'Limite superiore dell’intervallo dei ricavi, ricampionando le persone',
  'The same with returns on the day of their purchase':
    'Lo stesso, con i resi imputati al giorno del loro acquisto',
  'The part of revenue that was paid in a store': 'La parte dei ricavi pagata in un negozio',
  'Credit taken back by returns, by the split of the purchase':
    'Attribuzione stornata per i resi, ripartita come l’acquisto',
  'Credited purchases: each purchase is one, split by the model, and over its goods by what they cost the buyer':
    'Acquisti attribuiti: ogni acquisto vale uno, ripartito dal modello e, tra i suoi articoli, secondo il loro prezzo',
  'Media cost; none where it is not known by what was asked: by channel, source and medium, campaign and time it is':
    'Costo dei media; assente dove non è noto con il dettaglio richiesto: lo è per canale, fonte e mezzo, campagna e tempo',
  'Return on ad spend: revenue / spend; none where nothing was spent, or where the two are not of the same currency and days':
    'Ritorno sulla spesa pubblicitaria: ricavi / spesa; assente dove non c’è spesa, o dove i due valori non hanno la stessa valuta e gli stessi giorni',
  'Lower bound of the interval of ROAS': 'Limite inferiore dell’intervallo del ROAS',
  'Upper bound of the interval of ROAS': 'Limite superiore dell’intervallo del ROAS',
  'Cost per purchase: spend / purchases; none where nothing was spent or credited, or where ROAS is withheld':
    'Costo per acquisto: spesa / acquisti; assente dove non c’è spesa o attribuzione, o dove il ROAS non è mostrato',
  'Credited revenue of goods whose cost is known, less that cost; returned goods give theirs back. Of what is known now, in closed periods too':
    'Ricavi attribuiti della merce di costo noto, meno quel costo; la merce resa restituisce il suo. Secondo ciò che è noto oggi, anche per i periodi chiusi',
  'Margin - spend; none where ROAS is withheld': 'Margine - spesa; assente dove il ROAS non è mostrato',
  'Credited revenue of goods whose cost is known / revenue: what margin is of':
    'Ricavi attribuiti della merce di costo noto / ricavi: la base su cui poggia il margine',
  'Attribution with intervals': 'Attribuzione con intervalli',
  'Credited revenue, its share, purchases, ROAS and CPA, each with its interval from resampling persons, by whatever attribution can be asked for':
    'Ricavi attribuiti, loro quota, acquisti, ROAS e CPA, ciascuno con il suo intervallo ottenuto ricampionando le persone, secondo tutto ciò che si può chiedere ad attribution',
  'The interval says how much the figure would vary with other customers of the same kind, not whether the model is right. Of whole channels over all time models are fitted anew in each replicate, and figures are as known now. Of anything else the weights of models stay as they were fitted, so that intervals of data-driven models leave out how the fit would vary; figures are those of attribution, and closed ones that are not what is known now have no interval. Spend is taken as it was':
    'L’intervallo dice quanto la cifra varierebbe con altri clienti dello stesso genere, non se il modello sia giusto. Per canali interi su tutto il tempo i modelli sono stimati di nuovo in ogni replica, e le cifre sono quelle note oggi. Per tutto il resto i pesi dei modelli restano quelli stimati, così che gli intervalli dei modelli basati sui dati non comprendono quanto varierebbe la stima; le cifre sono quelle di attribution, e quelle chiuse che differiscono da ciò che è noto oggi non hanno intervallo. La spesa è presa com’era',
  'Its part of all credited revenue of the same period and filters':
    'La sua parte di tutti i ricavi attribuiti nello stesso periodo e con gli stessi filtri',
  'Credited purchases, split by the model': 'Acquisti attribuiti, ripartiti dal modello',
  'Lower bound of the interval of purchases': 'Limite inferiore dell’intervallo degli acquisti',
  'Upper bound of the interval of purchases': 'Limite superiore dell’intervallo degli acquisti',
  'Media cost; none where it is not known by what was asked':
    'Costo dei media; assente dove non è noto con il dettaglio richiesto',
  'Lower bound of the interval of CPA': 'Limite inferiore dell’intervallo del CPA',
  'Upper bound of the interval of CPA': 'Limite superiore dell’intervallo del CPA',
  'revenue now - in the period before': 'ricavi ora - nel periodo precedente',
  'purchases now - in the period before': 'acquisti ora - nel periodo precedente',
  'Lower bound of the interval of the change of revenue; a person of both periods is one and the same':
    'Limite inferiore dell’intervallo della variazione dei ricavi; chi compra in entrambi i periodi conta come una persona sola',
  'Upper bound of the interval of the change of revenue; a person of both periods is one and the same':
    'Limite superiore dell’intervallo della variazione dei ricavi; chi compra in entrambi i periodi conta come una persona sola',
  'Lower bound of the interval of the change of purchases; a person of both periods is one and the same':
    'Limite inferiore dell’intervallo della variazione degli acquisti; chi compra in entrambi i periodi conta come una persona sola',
  'Upper bound of the interval of the change of purchases; a person of both periods is one and the same':
    'Limite superiore dell’intervallo della variazione degli acquisti; chi compra in entrambi i periodi conta come una persona sola',
  'Lower bound of the interval of revenue': 'Limite inferiore dell’intervallo dei ricavi',
  'Upper bound of the interval of revenue': 'Limite superiore dell’intervallo dei ricavi',
  'Lower bound of the interval of the share': 'Limite inferiore dell’intervallo della quota',
  'Upper bound of the interval of the share': 'Limite superiore dell’intervallo della quota',
  'Model comparison': 'Confronto tra modelli',
  'How far the models are apart on each channel: its least and most share of credited revenue, and its rank':
    'Quanto i modelli divergono su ogni canale: la quota minima e massima di ricavi attribuiti, e la posizione in classifica',
  'Where models are far apart, what one believes about the channel decides, not the data':
    'Dove i modelli divergono molto, decide ciò che si crede del canale, non i dati',
  'Share of credited revenue in the model that gives it least':
    'Quota di ricavi attribuiti nel modello che gliene assegna meno',
  'Share of credited revenue in the model that gives it most':
    'Quota di ricavi attribuiti nel modello che gliene assegna di più',
  'Most less least': 'Massima meno minima',
  'Its best rank among the channels in any model':
    'La sua posizione migliore tra i canali, in un modello qualsiasi',
  'Its worst rank among the channels in any model':
    'La sua posizione peggiore tra i canali, in un modello qualsiasi',
  'Models compared': 'Modelli confrontati',
  'Differences between channels': 'Differenze tra canali',
  'Pairs of channels: how far apart their credited revenue (or return on ad spend) is, and whether that can be told from chance, all pairs considered':
    'Coppie di canali: quanto distano i loro ricavi attribuiti (o il loro ritorno sulla spesa), e se la differenza si distingue dal caso, considerando tutte le coppie',
  'Revenue of the first less that of the second': 'Ricavi del primo meno quelli del secondo',
  'Lower bound of the interval of the difference in revenue, for all pairs at once':
    'Limite inferiore dell’intervallo della differenza di ricavi, valido per tutte le coppie insieme',
  'Upper bound of the interval of the difference in revenue, for all pairs at once':
    'Limite superiore dell’intervallo della differenza di ricavi, valido per tutte le coppie insieme',
  'ROAS of the first less that of the second': 'ROAS del primo meno quello del secondo',
  'Lower bound of the interval of the difference in ROAS, for all pairs at once':
    'Limite inferiore dell’intervallo della differenza di ROAS, valido per tutte le coppie insieme',
  'Upper bound of the interval of the difference in ROAS, for all pairs at once':
    'Limite superiore dell’intervallo della differenza di ROAS, valido per tutte le coppie insieme',
  'Chance of so large a difference among all pairs if there were none':
    'Probabilità di una differenza così grande tra tutte le coppie, se non ce ne fosse alcuna',
  'What the models agree on': 'Su che cosa i modelli concordano',
  'What every model says beyond chance, what depends on the model, and what none can tell':
    'Che cosa ogni modello dice oltre il caso, che cosa dipende dal modello, e che cosa nessuno può dire',
  'Models that say so': 'Modelli che lo dicono',
};
