"""Write the golden files anew: ``python -m tests.golden``; read the difference, then commit."""

from tests.golden.renditions import FILES, golden


def main() -> None:
    wanted = golden()
    FILES.mkdir(exist_ok=True)
    for path in FILES.iterdir():
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (FILES / name).write_text(text, encoding="utf-8")
    print(f"{len(wanted)} files in {FILES}")


if __name__ == "__main__":
    main()
