// Addresses of this archive's own posts: what a code to scan holds, or a reader pastes.
import { index, root, versionsFor } from "./authenticity_find.js";
import { leading } from "./authenticity_shown.js";

// Where addresses of this site begin: here, and as it is published.
export const bases = () => [root.href, document.querySelector("link[rel=canonical]").href.replace(/authenticity\/$/u, "")];

const POST = /^posts\/\d{4}\/[^/?#]+\/$/u;

// The page of a post that an address leads to, from the root of the site; null where it is none of this site's.
export function pageOf(address) {
  const base = bases().find((one) => address.startsWith(one));
  const page = base && address.slice(base.length).replace(/[?#].*$/u, "").replace(/(?:index\.html)?$/u, "");
  return page && POST.test(page) ? page : null;
}

// The answer to an address of a post; null where this site has no such page.
export async function answerLink(page) {
  const { newest } = await index();
  try {
    const versions = (await versionsFor("", [page])).filter(({ url }) => url === page);
    return { head: "这个网址是本单位一条通知的", ...linked(versions, newest) };
  } catch {
    return null;
  }
}

// {result, look, body} of what only leads to notices.
export function linked(versions, newest) {
  const { ended, body } = leading(versions, newest);
  return { result: ended ? "withdrawn" : "link", look: ended ? "warn" : "good", body };
}
