// French typography of numbers, money, durations and dates. Figures of studies are never formatted here:
// their text is produced once, by the server.
const number = (options: Intl.NumberFormatOptions = {}) => new Intl.NumberFormat("fr-FR", options);
const NBSP = "\u00a0";

const INTEGER = number({ maximumFractionDigits: 0 });
const ONE_DECIMAL = number({ maximumFractionDigits: 1 });
const EUROS = number({ style: "currency", currency: "EUR" });
const WHOLE_EUROS = number({ style: "currency", currency: "EUR", maximumFractionDigits: 0 });
const DATE = new Intl.DateTimeFormat("fr-FR", { day: "numeric", month: "long", year: "numeric" });

export const integer = (value: number) => INTEGER.format(value);
export const decimal = (value: number) => ONE_DECIMAL.format(value);

/** « 348 € », or « 348,50 € » when there are cents. */
export const money = (cents: number) => (cents % 100 === 0 ? WHOLE_EUROS : EUROS).format(cents / 100);

const SIGNS: Record<string, string> = { pct: "%", eur: "€", eur_m2: "€/m²", eur_m2_month: "€/m²/mois", count: "" };

/** What is written after a number of this unit code; a code of a later server shows as it is. */
export const unitSign = (unit: string) => SIGNS[unit] ?? unit;

/** The number with its noun, in French: zero and one are singular. */
export const count = (value: number, one: string, many = `${one}s`) =>
  `${integer(value)}${NBSP}${value < 2 ? one : many}`;

const padded = (value: number) => String(value).padStart(2, "0");

/** « < 1 s », « 42 s », « 3 min 05 s », « 1 h 02 min ». */
export function duration(seconds: number): string {
  if (seconds > 0 && seconds < 1) return `<${NBSP}1${NBSP}s`;
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole}${NBSP}s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}${NBSP}min${NBSP}${padded(whole % 60)}${NBSP}s`;
  return `${Math.floor(minutes / 60)}${NBSP}h${NBSP}${padded(minutes % 60)}${NBSP}min`;
}

/** « 12 mars 2026 ». */
export const date = (iso: string) => DATE.format(new Date(iso));

/** A vintage is a year, a name or a day: a day is written in words. */
export const vintage = (text: string) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? date(text) : text);

/** « 12 mars 2026 à 14 h 05 ». */
export function dateTime(iso: string): string {
  const at = new Date(iso);
  return `${DATE.format(at)} à ${at.getHours()}${NBSP}h${NBSP}${padded(at.getMinutes())}`;
}

/** « 14 h 05 min 09 s », for a history read line by line. */
export function clock(iso: string): string {
  const at = new Date(iso);
  const parts = [at.getHours(), "h", padded(at.getMinutes()), "min", padded(at.getSeconds()), "s"];
  return parts.join(NBSP);
}

/** File size in the decimal units that browsers show: « 840 ko », « 2,4 Mo ». */
export const fileSize = (bytes: number) =>
  bytes < 1_000_000 ? `${integer(bytes / 1_000)}${NBSP}ko` : `${decimal(bytes / 1_000_000)}${NBSP}Mo`;

/** A digest in groups of eight, so that two of them can be compared by eye. */
export const grouped = (digest: string) => digest.match(/.{1,8}/g)?.join(" ") ?? digest;
