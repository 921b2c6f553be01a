/** The packages of Proofpoint Essentials by the key the API uses, and what people call them. */
const labels: ReadonlyMap<string, string> = new Map(
  Object.entries({
    beginner: "Beginner",
    business: "Business",
    business_plus: "Business +",
    advanced: "Advanced",
    advanced_plus: "Advanced +",
    professional: "Professional",
    professional_plus: "Professional +",
    // Products beside the packages, which are billed as services.
    security_awareness_training: "Security Awareness Training",
    email_security: "Email Security",
  }),
);

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

/** Whether something bears the name of a package, or of a product that is billed like one. */
export function isPackage(name: string): boolean {
  return labels.has(packageKey(name));
}

/** What people call a package; one nobody knows is called what it is called. */
export function packageLabel(name: string): string {
  const key = packageKey(name);
  return key === noPackage ? "no package" : (labels.get(key) ?? name.trim());
}
