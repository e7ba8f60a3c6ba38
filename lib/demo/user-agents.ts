/** User agents as browsers, the shop's app and crawlers send them in the first half of 2025. */
const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const SAFARI = 'AppleWebKit/605.1.15 (KHTML, like Gecko)';

export const BROWSER_AGENTS = {
  phone: [
    `Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) ${SAFARI} Version/18.3 Mobile/15E148 Safari/604.1`,
    `Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) ${SAFARI} Version/17.6 Mobile/15E148 Safari/604.1`,
    `Mozilla/5.0 (Linux; Android 10; K) ${WEBKIT} Chrome/133.0.0.0 Mobile Safari/537.36`,
    `Mozilla/5.0 (Linux; Android 10; K) ${WEBKIT} SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36`,
  ],
  laptop: [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/133.0.0.0 Safari/537.36`,
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/133.0.0.0 Safari/537.36 Edg/133.0.0.0`,
    `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${SAFARI} Version/18.3 Safari/605.1.15`,
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:135.0) Gecko/20100101 Firefox/135.0',
  ],
  tablet: [
    `Mozilla/5.0 (iPad; CPU OS 17_7 like Mac OS X) ${SAFARI} Version/17.7 Mobile/15E148 Safari/604.1`,
    `Mozilla/5.0 (Linux; Android 13; SM-X200) ${WEBKIT} Chrome/133.0.0.0 Safari/537.36`,
  ],
} as const;

export const APP_AGENTS = ['DemoShop/5.2.1 (iPhone; iOS 18.3)', 'DemoShop/5.2.0 (Android 14; Mobile)'];

export const CRAWLER_AGENTS = [
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
  'Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)',
  `Mozilla/5.0 ${WEBKIT}; compatible; GPTBot/1.2; +https://openai.com/gptbot`,
  `Mozilla/5.0 (X11; Linux x86_64) ${WEBKIT} HeadlessChrome/132.0.0.0 Safari/537.36`,
];
