// What a picture and the words in it say together.

const LONE = 1; // block that is off: blocks overlap by half, so that what was changed shows in more than one

// Whether a picture that was laid over the published one differs by so little that its words decide.
export const isAlmost = ({ result, clear, marks }) => result === "differs" && clear && marks.length <= LONE;

// A picture that clearly differs is not made good by its words, nor words by the picture; one that was laid over the
// published one without a difference is not undone by a sign that was read for another.
function together(compared, read) {
  const { result, clear, bare } = compared;
  if (!read || read.result === "unsure") return result;
  if (read.result === "code") return ["none", "unread"].includes(result) ? "code" : result;
  if (read.result === "none") return result === "unread" ? "none" : result;
  if (read.result === "differs" && ["whole", "excerpt"].includes(result) && !read.proven) return result;
  if (result !== "differs" || !clear || isAlmost(compared)) return read.result;
  return bare && ["whole", "excerpt", "beside"].includes(read.result) ? "beside" : result; // a watermark
}

// {result, byWords, versions}: `byWords`: it rests on the words. A picture stands on the page of the present version
// alone; the words may be those of an earlier one.
export function verdict(compared, read) {
  const result = together(compared, read);
  const earlier = read?.version?.revision !== read?.version?.present;
  const byWords = read?.result === result && (result !== compared.result || earlier);
  const own = byWords && read.version && result !== "none";
  return { result, byWords, versions: own ? [read.version] : compared.versions };
}
