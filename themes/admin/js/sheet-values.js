// What is typed into the sheet, read as the shop reads it. A wrong one names the text that says what to do.

// How many there are, or how many more: `12`, `+5`, `-2`. With `add`, a bare number is added too.
export function readQuantity(typed, was, add) {
  const clean = typed.replace(/\u2212/g, "-").replace(/[\s\u00a0\u202f']/g, "");
  if (!/^[+-]?\d{1,10}$/.test(clean)) return { error: "whole" };
  const number = Number(clean);
  const before = Number(was);
  if (/^[+-]/.test(clean) || add) {
    return { delta: number, result: before + number, shown: String(before + number), same: number === 0 };
  }
  return { value: number, result: number, shown: String(number), same: number === before };
}

// An amount in minor units: `12.50`, `12,5`, `1.299,00`, `€ 1,299.00`. Where it may mean two amounts it is refused.
export function readAmount(typed, exponent, needed, was = "") {
  const clean = typed.replace(/[\p{Sc}\s\u00a0\u202f']/gu, "").replace(/^[A-Za-z]{3}(?=[\d.,])|(?<=[\d.,])[A-Za-z]{3}$/, "");
  if (clean === "") return needed ? { error: "needed" } : { value: null, shown: "", same: was === "" };
  if (!/^\d[\d.,]*$|^[.,]\d+$/.test(clean)) return { error: "amount" };
  const marks = clean.match(/[.,]/g) ?? [];
  const at = Math.max(clean.lastIndexOf("."), clean.lastIndexOf(","));
  let [whole, decimals] = at < 0 ? [clean, ""] : [clean.slice(0, at), clean.slice(at + 1)];
  const alike = new Set(marks).size === 1;
  const grouped = /^[1-9]\d{0,2}([.,]\d{3})+$/.test(clean) && alike;
  if (grouped && marks.length === 1 && exponent !== 0 && !(exponent === 3 && marks[0] === ".")) return { error: "ambiguous" };
  if (grouped && !(exponent === 3 && marks.length === 1)) [whole, decimals] = [clean, ""];
  else if (marks.length > 1 && (alike || !/^\d{1,3}([.,]\d{3})+$/.test(whole) || whole.includes(clean[at]))) return { error: "amount" };
  if (/[^0]/.test(decimals.slice(exponent))) return { error: "decimals" };
  const digits = whole.replace(/\D/g, "") + decimals.slice(0, exponent).padEnd(exponent, "0");
  const value = Number(digits);
  if (!Number.isSafeInteger(value)) return { error: "amount" };
  const padded = String(value).padStart(exponent + 1, "0");
  const shown = exponent === 0 ? padded : `${padded.slice(0, -exponent)}.${padded.slice(-exponent)}`;
  return { value, shown, same: shown === was };
}
