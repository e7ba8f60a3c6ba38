import { expect, test } from 'vitest';
import { BadContacts, readContacts } from '../../lib/exports/contacts.ts';
import { fileOf } from '../formats/input.ts';

const read = (name: string, text: string) => readContacts(fileOf(name, text));

test('CSV with other columns, quotes and blanks becomes contacts', async () => {
  const { contacts, unreadable } = await read(
    'contacts.csv',
    '\uFEFFemail;first_name;Notes;country;ad_user_data;ad_personalization\r\n' +
      ' Zoë@Example.org ;"O""Neil; Zoë";secret;de;Granted;DENIED\r\n' +
      'a@example.org;;;Deutschland;yes;\r\n' +
      'too;few\r\n',
  );
  expect(contacts).toEqual([
    {
      email: 'Zoë@Example.org',
      first_name: 'O"Neil; Zoë',
      country: 'DE',
      ad_user_data: 'granted',
      ad_personalization: 'denied',
    },
    { email: 'a@example.org', ad_user_data: 'unknown', ad_personalization: 'unknown' },
  ]);
  expect(unreadable).toBe(1);
});

test('JSON Lines too; what is no text is left out', async () => {
  const { contacts, unreadable } = await read(
    'contacts.jsonl',
    '{"customer_id":17,"email":null,"phone":["1"],"ad_user_data":"granted"}\nnonsense\n{"email":"b@example.org","ad_user_data":true}',
  );
  expect(contacts).toEqual([
    { customer_id: '17', ad_user_data: 'granted', ad_personalization: 'unknown' },
    { email: 'b@example.org', ad_user_data: 'unknown', ad_personalization: 'unknown' },
  ]);
  expect(unreadable).toBe(1);
});

test('a file that tells nobody, or nothing of consent, is refused without a word of its rows', async () => {
  await expect(read('x.csv', 'name,ad_user_data\nMüller,granted\n')).rejects.toThrow(BadContacts);
  await expect(read('x.csv', 'email\nmueller@example.org\n')).rejects.toThrow(
    "x.csv: no column ad_user_data; without consent (granted) to ad platforms nobody's data goes out",
  );
});
