import { z } from "zod";
import { isLoopback } from "../../../provider/essentials/connection.ts";

/** An address that credentials may be sent to: https, or plain http to this machine. */
export const secureUrl = z.string().refine((text) => {
  const url = URL.parse(text);
  return (
    url !== null &&
    url.username === "" &&
    url.password === "" &&
    (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(text)))
  );
}, "must be an https:// address without a login in it");
