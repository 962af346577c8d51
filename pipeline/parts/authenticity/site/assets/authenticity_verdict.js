// What a picture and the words in it say together.

// A picture that clearly differs is not made good by its words, nor words by the picture; one that was laid over the
// published one without a difference is not undone by a sign that was read for another.
function together(compared, read) {
  const { result, clear } = compared;
  if (!read || read.result === "unsure") return result;
  if (read.result === "none") return result === "unread" ? "none" : result;
  if (read.result === "differs" && ["whole", "excerpt"].includes(result) && !read.proven) return result;
  return result === "differs" && clear ? result : read.result;
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
