"""What the program takes from this part."""

from pipeline.model.brings import Deferred, PageGroup, PageLink, Part

PART = Part(
    name="authenticity",
    needs=("search",),
    pages=PageGroup(
        links=(
            PageLink("foot", "authenticity/", "这条通知是真的吗"),
            PageLink(
                "watch",
                "authenticity/",
                "这条通知是真的吗",
                "粘贴文字、图片或核对码，查是不是本单位发布的",
                "verify/",
            ),
        ),
        pages={"authenticity/": Deferred("pipeline.parts.authenticity.pages:question_page")},
        year=Deferred("pipeline.parts.authenticity.pages:digest_units"),
        last=Deferred("pipeline.parts.authenticity.pages:digest_list"),
        values={"check_code": Deferred("pipeline.parts.authenticity.pages:check_code")},
        # It alone may compile, and reaches nothing but this host.
        apart={
            "assets/authenticity_reader.js": "default-src 'none'; "
            "script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
        },
    ),
)
