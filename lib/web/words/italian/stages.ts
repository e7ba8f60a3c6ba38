/** What the figures of the omnichannel stages need, by its English. Their titles are among the words of their view. */
export const STAGE_TEXTS: Readonly<Record<string, string>> = {
  'online purchases of known persons: import orders': 'acquisti online di persone note (importa orders)',
  'media cost: import spend': 'spesa media (importa spend)',
  'visits to the web shop: import web_events': 'visite al negozio online (importa web_events)',
  'door counts: import footfall': 'conteggi degli ingressi (importa footfall)',
  'store purchases of known persons: import receipts with identifiers':
    'acquisti in negozio di persone note (importa receipts con identificativi)',
  'such spend and door counts: import spend and footfall':
    'questa spesa e i conteggi degli ingressi (importa spend e footfall)',
  'store visits and door counts: import store_visits and footfall':
    'visite in negozio e conteggi degli ingressi (importa store_visits e footfall)',
  "an experiment: searches for the shop's name by region, with and without the campaign; no contract takes them":
    'un esperimento: ricerche del nome del negozio per regione, con e senza la campagna (nessun contratto le accoglie)',
  'an experiment by region: attribution here says what goes together, not what marketing caused':
    'un esperimento per regione: l’attribuzione dice che cosa va insieme, non che cosa il marketing ha causato',
  'touchpoints of known persons: import web_events and touches':
    'contatti di persone note (importa web_events e touches)',
  'such events: send Product Added to Wishlist': 'questi eventi (invia Product Added to Wishlist)',
  'such events: send Stock Checked or Store Searched': 'questi eventi (invia Stock Checked o Store Searched)',
  'the end of visits: import store_visits with left_at':
    'la fine delle visite (importa store_visits con left_at)',
  'appointments or talks: no contract takes them': 'appuntamenti o colloqui (nessun contratto li accoglie)',
  'store visits of known persons: import store_visits':
    'visite in negozio di persone note (importa store_visits)',
  'store visits and orders of the same persons: import store_visits and orders':
    'visite in negozio e ordini delle stesse persone (importa store_visits e orders)',
  'store visits and web events of the same persons: import store_visits and web_events':
    'visite in negozio ed eventi web delle stesse persone (importa store_visits e web_events)',
  'online purchases: import orders': 'acquisti online (importa orders)',
  'cart events: send Product Added': 'eventi del carrello (invia Product Added)',
  'user agents of orders: import web_events with user_agent':
    'gli user agent degli ordini (importa web_events con user_agent)',
  'store purchases: import receipts': 'acquisti in negozio (importa receipts)',
  'research of known store buyers: import web_events and receipts with identifiers':
    'ricerche online di acquirenti noti in negozio (importa web_events, e receipts con identificativi)',
  'research of known store buyers and orders: import web_events, receipts and orders':
    'ricerche online di acquirenti noti in negozio, e ordini (importa web_events, receipts e orders)',
  'collected orders: import orders with fulfilment and receipts that name them':
    'ordini ritirati (importa orders con fulfilment, e receipts che li nominano)',
  'feedback of kind rating and place online: import feedback':
    'feedback di tipo rating e luogo online (importa feedback)',
  'feedback of kind rating and place store: import feedback':
    'feedback di tipo rating e luogo store (importa feedback)',
  'feedback of kind nps and place online: import feedback':
    'feedback di tipo nps e luogo online (importa feedback)',
  'feedback of kind nps and place store: import feedback':
    'feedback di tipo nps e luogo store (importa feedback)',
  'feedback of kind nps: import feedback': 'feedback di tipo nps (importa feedback)',
  'feedback of kind contact and place online: import feedback':
    'feedback di tipo contact e luogo online (importa feedback)',
  'feedback of kind contact and place store: import feedback':
    'feedback di tipo contact e luogo store (importa feedback)',
  'feedback of kind contact with resolved_first_time: import feedback':
    'feedback di tipo contact con resolved_first_time (importa feedback)',
  'feedback of kind contact with contact_by: import feedback':
    'feedback di tipo contact con contact_by (importa feedback)',
  'feedback of kind return_reason: import feedback': 'feedback di tipo return_reason (importa feedback)',
  'a model of repeat purchases: it is churned_share of customers':
    'un modello degli acquisti ripetuti: è churned_share di customers',
  'a model of repeat purchases: it is clv_12m of customers':
    'un modello degli acquisti ripetuti: è clv_12m di customers',
  'a model of repeat purchases: it is alive_share of customers':
    'un modello degli acquisti ripetuti: è alive_share di customers',
  'purchases with a card: import receipts with loyalty_id':
    'acquisti con tessera (importa receipts con loyalty_id)',
  'repeat purchases of known persons: import orders and receipts with identifiers':
    'acquisti ripetuti di persone note (importa orders, e receipts con identificativi)',
  'purchases of known persons: import orders and receipts with identifiers':
    'acquisti di persone note (importa orders, e receipts con identificativi)',
  'online purchases: import orders and refunds': 'acquisti online (importa orders e refunds)',
  'repairs: no contract takes them': 'riparazioni (nessun contratto le accoglie)',
  'cost_rates: it is downstream_cost of channel-economics':
    'la tabella dei costi cost_rates: è downstream_cost di channel-economics',
  'returns of web orders: import refunds, or receipts that name the order':
    'resi di ordini web (importa refunds, o receipts che nominano l’ordine)',
};
