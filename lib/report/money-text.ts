import { currencyExponent } from '../domain/money.ts';

/**
 * Minor units as people write money, exact whatever their size.
 * @example moneyText(123456, 'EUR') // 'EUR 1,234.56'
 */
export function moneyText(minor: number, currency: string, withCurrency = true): string {
  const exponent = currencyExponent(currency) ?? 2;
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent).replace(/\B(?=(\d{3})+$)/g, ',');
  const text = `${minor < 0 ? '-' : ''}${whole}${exponent === 0 ? '' : `.${digits.slice(-exponent)}`}`;
  return withCurrency ? `${currency} ${text}`.trim() : text;
}
