import type { Culture } from './culture-data.ts';

type DateCulture = Partial<Omit<Culture, 'name' | 'numbers'>>;

const twentyFourHours = { shortTime: 'HH:mm', longTime: 'HH:mm:ss' } as const;
const westernAfternoon = { am: 'AM', pm: 'PM' } as const;

/**
 * Date patterns in which Windows differs from ICU, by lower-case culture name: short dates with a full year, long dates
 * without the weekday in some languages, and a 24-hour clock without words.
 */
export const WINDOWS_CULTURES: Readonly<Record<string, DateCulture>> = {
  'da-dk': {
    shortDate: 'dd-MM-yyyy',
    longDate: 'd. MMMM yyyy',
    dateSeparator: '-',
    timeSeparator: ':',
    ...twentyFourHours,
  },
  'de-at': { shortDate: 'dd.MM.yyyy' },
  'de-ch': { shortDate: 'dd.MM.yyyy' },
  'de-de': { shortDate: 'dd.MM.yyyy' },
  'en-au': { shortDate: 'd/MM/yyyy', ...westernAfternoon },
  'en-ca': { longDate: 'MMMM d, yyyy' },
  'en-gb': { longDate: 'dd MMMM yyyy', ...westernAfternoon },
  'en-in': {
    shortDate: 'dd-MM-yyyy',
    longDate: 'dd MMMM yyyy',
    dateSeparator: '-',
    ...twentyFourHours,
    ...westernAfternoon,
  },
  'en-nz': { shortDate: 'd/MM/yyyy', ...westernAfternoon },
  'en-us': { shortDate: 'M/d/yyyy' },
  'es-es': { shortDate: 'dd/MM/yyyy', shortTime: 'H:mm', longTime: 'H:mm:ss' },
  'es-mx': { shortDate: 'dd/MM/yyyy' },
  'fi-fi': { longDate: 'd. MMMM yyyy', shortTime: 'H.mm', longTime: 'H.mm.ss' },
  'fr-be': { shortDate: 'dd-MM-yy', longDate: 'dddd d MMMM yyyy', dateSeparator: '-' },
  'fr-ca': { longDate: 'd MMMM yyyy', timeSeparator: ':', ...twentyFourHours },
  'fr-ch': { shortDate: 'dd.MM.yyyy' },
  'is-is': { longDate: 'dddd, d. MMMM yyyy' },
  'it-it': { shortDate: 'dd/MM/yyyy' },
  'ja-jp': { longDate: "yyyy'年'M'月'd'日'", shortTime: 'H:mm', longTime: 'H:mm:ss' },
  'ko-kr': { shortDate: 'yyyy-MM-dd', dateSeparator: '-', shortTime: 'tt h:mm', longTime: 'tt h:mm:ss' },
  'nl-nl': { shortDate: 'd-M-yyyy' },
  'pl-pl': { shortDate: 'dd.MM.yyyy', longDate: 'd MMMM yyyy' },
  'pt-br': { longDate: "dddd, d 'de' MMMM 'de' yyyy" },
  'pt-pt': { shortDate: 'dd/MM/yyyy', longDate: "d 'de' MMMM 'de' yyyy" },
  'ru-ru': { longDate: "d MMMM yyyy 'г.'", yearMonth: 'MMMM yyyy', shortTime: 'H:mm', longTime: 'H:mm:ss' },
  'sv-se': { longDate: "'den 'd MMMM yyyy" },
  'zh-cn': { longDate: "yyyy'年'M'月'd'日'", shortTime: 'H:mm', longTime: 'H:mm:ss' },
};

/** Currency patterns in which Windows differs from ICU; `n` stands for the amount. */
export const WINDOWS_CURRENCY_PATTERNS: Readonly<Record<string, string>> = {
  'is-is': 'n kr',
  'ja-jp': '¥n',
};
