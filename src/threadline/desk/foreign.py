"""Foreign HTML made harmless: what a customer's mail may show inside its own closed frame."""

import re
from collections.abc import Mapping

import nh3

TAGS = """
    a abbr address b bdi bdo blockquote br caption center cite code col colgroup dd del div dl dt em figcaption
    figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd li ol p pre q s samp small span strike strong sub sup table tbody
    td tfoot th thead tr tt u ul
"""
ATTRIBUTES = {
    "*": {"align", "dir", "lang", "style", "title", "valign", "width", "height"},
    "a": {"href"},
    "col": {"span"},
    "font": {"color", "face", "size"},
    "img": {"src", "alt"},
    "ol": {"start", "type"},
    "table": {"border", "cellpadding", "cellspacing", "bgcolor"},
    "td": {"colspan", "rowspan", "bgcolor"},
    "th": {"colspan", "rowspan", "bgcolor"},
    "tr": {"bgcolor"},
}
STYLES = """
    background-color border border-bottom border-collapse border-left border-right border-spacing border-top color
    font-family font-size font-style font-weight height letter-spacing line-height list-style-type margin margin-
    bottom margin-left margin-right margin-top max-width padding padding-bottom padding-left padding-right padding-
    top text-align text-decoration text-indent text-transform vertical-align white-space width word-break word-
    spacing
"""
SCHEMES = {"http", "https", "mailto", "tel", "cid", "data"}
# No property that is left needs one of these; what a browser makes of them in the wrong place is not for us to guess.
FETCHES = re.compile(r"\b(?:url|src|image-set|expression|var|attr|env)\s*\(|[\\\\@]", re.IGNORECASE)
PICTURES = ("data:image/png;", "data:image/jpeg;", "data:image/gif;", "data:image/webp;")
FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src {images}; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
PAGE = (
    '<!doctype html><html><head><meta charset="utf-8"><meta name="referrer" content="no-referrer">'
    "<style>body{{margin:12px;font:15px/1.5 sans-serif;overflow-wrap:anywhere;background:#fff;color:#111}}"
    "img{{max-width:100%;height:auto}}table{{max-width:100%}}</style></head><body>{body}</body></html>"
)


def harmless(html: str, *, pictures: Mapping[str, str], remote: bool) -> str:
    """A page for the frame.

    Args:
        pictures: data addresses of the pictures that came with the mail, by Content-ID.
        remote: whether pictures may be fetched from elsewhere, which tells the sender that the mail was opened.
    """

    def attribute(tag: str, name: str, value: str) -> str | None:
        if (tag, name) == ("img", "src"):
            return source(value, pictures=pictures, remote=remote)
        return _style(value) if name == "style" else _link(name, value)

    body = nh3.clean(
        html,
        tags=set(TAGS.split()),
        clean_content_tags={"script", "style", "title", "head", "svg", "math", "template", "noscript", "xmp"},
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=attribute,
        filter_style_properties=set(STYLES.split()),
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return PAGE.format(body=body)


def source(address: str, *, pictures: Mapping[str, str], remote: bool) -> str | None:
    """Where a picture comes from: the mail itself, or, when asked for, the network. Anything else is left out."""
    plain = address.strip()
    if plain.lower().startswith("cid:"):
        return pictures.get(plain[4:].strip("<>"))
    if plain.lower().startswith(PICTURES):
        return plain
    return plain if remote and plain.lower().startswith(("https:", "http:")) else None


def _style(value: str) -> str:
    """What fetches goes; of the rest, nh3 then leaves the properties that we know."""
    return ";".join(each for each in value.split(";") if not FETCHES.search(each))


def _link(name: str, value: str) -> str | None:
    """Only pictures may be data."""
    if name == "href" and value.strip().lower().startswith(("data:", "cid:")):
        return None
    return value


def frame_policy(*, remote: bool) -> str:
    return FRAME_POLICY.format(images="data: https: http:" if remote else "data:")
