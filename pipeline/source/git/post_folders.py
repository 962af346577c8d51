"""The folders of posts in a tree, listed year by year."""

from collections.abc import Iterable, Mapping, Set

from pipeline.source.content.post_paths import holds_files, id_of
from pipeline.source.git.tree import Tree


class Folders:
    """The folders of posts, or of their reviews, in the years of a tree, listed lazily."""

    def __init__(self, tree: Tree, top: str) -> None:
        self._tree, self._top = tree, top
        self.years: Mapping[str, str] = tree.inside(top)
        """Year → git's object of its folder."""
        self._names: dict[str, frozenset[str]] = {}

    def names(self, year: str) -> frozenset[str]:
        """What stands in the folder of a year, folders without files included."""
        if year not in self._names:
            oid = self.years.get(year)
            names = self._tree.inside(f"{self._top}{year}", oid) if oid else ()
            self._names[year] = frozenset(names)
        return self._names[year]

    def __contains__(self, folder: object) -> bool:
        _, year, name = str(folder).rsplit("/", 2)
        return name in self.names(year) and holds_files(self._tree.files, str(folder))

    def filled(self, years: Iterable[str], sure: Set[str]) -> list[str]:
        """The folders in some of the years that hold files; `sure`: names that certainly do."""
        folders = [f"{self._top}{year}/{i}" for year in years for i in self.names(year)]
        new = [folder for folder in folders if id_of(folder) not in sure]
        self._tree.expect(f"{folder}/" for folder in new)
        empty = {folder for folder in new if not holds_files(self._tree.files, folder)}
        return [folder for folder in folders if folder not in empty]

    def where(self, posts: Set[str], years: Iterable[str]) -> list[str]:
        """The folders of these posts in some of the years, sorted."""
        return sorted(f"{self._top}{year}/{i}" for year in years for i in self.names(year) & posts)
