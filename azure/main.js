// Where Pulumi begins (package.json, main). Plain JavaScript, so that an old Node gets one clear sentence; the program
// itself is index.ts, and what that exports are the stack's outputs.
import "../node/requireNode.cjs";

export default async () => ({ ...(await import("./index.ts")) });
