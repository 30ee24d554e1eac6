/** What .NET's CultureInfo knows, as far as formats and parsing need it. Patterns are .NET date format strings. */
export interface Culture {
  readonly name: string;
  readonly months: readonly string[];
  /** Used beside a day number, in languages where the form differs: `1 stycznia`. */
  readonly genitiveMonths: readonly string[];
  readonly abbreviatedMonths: readonly string[];
  /** From Sunday. */
  readonly days: readonly string[];
  readonly abbreviatedDays: readonly string[];
  readonly am: string;
  readonly pm: string;
  readonly dateSeparator: string;
  readonly timeSeparator: string;
  readonly shortDate: string;
  readonly longDate: string;
  readonly shortTime: string;
  readonly longTime: string;
  readonly monthDay: string;
  readonly yearMonth: string;
  readonly numbers: NumberCulture;
}

export interface NumberCulture {
  readonly decimalSeparator: string;
  readonly groupSeparator: string;
  /** Digits of the first group left of the point, then of all others. */
  readonly groupSizes: readonly [number, number];
  readonly currencyDecimals: number;
  /** `$n`, `n €`: `n` stands for the amount. */
  readonly currencyPattern: string;
  /** `n%`, `n %`. */
  readonly percentPattern: string;
}
