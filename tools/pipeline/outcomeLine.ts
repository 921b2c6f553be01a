/** How an up of a scheduled job ended, as the alerts of azure/alerts.ts look for it. */
export function outcomeLine(code: number): string {
  return `proofpoint-account-state run outcome=${code === 0 ? "succeeded" : "failed"}`;
}
