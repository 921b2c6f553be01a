/** The packages of Proofpoint Essentials by the key the API uses, and what people call them. */
const labels: Readonly<Record<string, string>> = {
  beginner: "Beginner",
  business: "Business",
  business_plus: "Business +",
  advanced: "Advanced",
  advanced_plus: "Advanced +",
  professional: "Professional",
  professional_plus: "Professional +",
};

/** `Professional+`, `professional_plus` and `PROFESSIONAL PLUS` are one package: `professional_plus`. */
export function packageKey(name: string): string {
  return name
    .toLowerCase()
    .replaceAll("+", " plus ")
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
}

/** What people call a package; one nobody knows is called what it is called. */
export function packageLabel(name: string): string {
  return labels[packageKey(name)] ?? name.trim();
}
