import { inEach } from './language.ts';

/** What models are called in sentences and menus; a model of the shop's own keeps its name. */
export const modelWords = inEach<Readonly<Record<string, string>>>({
  en: {
    markov: 'Markov chain',
    markov_campaign: 'Markov chain by campaign',
    shapley: 'Shapley value',
    shapley_rate: 'Shapley value of rates',
    additive_hazard: 'Additive hazard',
    first_touch: 'First touch',
    last_touch: 'Last touch',
    last_non_direct: 'Last non-direct touch',
    linear: 'Linear',
    position_based: 'Position-based',
    time_decay: 'Time decay',
    j_shaped: 'J-shaped',
    inverse_j: 'Inverse J',
  },
  it: {
    markov: 'Catena di Markov',
    markov_campaign: 'Catena di Markov per campagna',
    shapley: 'Valore di Shapley',
    shapley_rate: 'Valore di Shapley dei tassi',
    additive_hazard: 'Rischio additivo',
    first_touch: 'Primo contatto',
    last_touch: 'Ultimo contatto',
    last_non_direct: 'Ultimo contatto non diretto',
    linear: 'Lineare',
    position_based: 'Per posizione',
    time_decay: 'Decadimento nel tempo',
    j_shaped: 'A J',
    inverse_j: 'A J rovesciata',
  },
});
