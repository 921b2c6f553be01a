/** The packages of Proofpoint Essentials by the key the API uses, and what people call them. */
const labels: Readonly<Record<string, string>> = {
  beginner: "Beginner",
  business: "Business",
  business_plus: "Business +",
  advanced: "Advanced",
  advanced_plus: "Advanced +",
  professional: "Professional",
  professional_plus: "Professional +",
  no_package: "no package",
};

/** The key of an organisation the service names no package for: nothing can be billed for it before somebody looks. */
export const noPackage = "no_package";

/** `Professional+`, `professional_plus` and `PROFESSIONAL PLUS` are one package: `professional_plus`. */
export function packageKey(name: string): string {
  return name
    .toLowerCase()
    .replaceAll("+", " plus ")
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/g, "");
}

/** Whether a service bears the name of a package. */
export function isPackage(name: string): boolean {
  return packageKey(name) in labels;
}

/** What people call a package; one nobody knows is called what it is called. */
export function packageLabel(name: string): string {
  return labels[packageKey(name)] ?? name.trim();
}
