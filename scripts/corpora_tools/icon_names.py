"""Captions from icon names, and whether an icon shows a thing."""

from __future__ import annotations

import re

_BRANDS = frozenset(
    "airplay amazon android apple appnet appstore basecamp beats behance bing bio bitbucket black-mesa "
    "blackberry blogger buffer cisco clippy codepen deviantart discord disqus dns dribbble dropbox drupal "
    "etsy evernote facebook firefox flattr foursquare git github glassdoor gmail gnome google hackernews "
    "hangouts hololens houzz instagram instapaper internet jira jsfiddle kodi language lastfm linkedin "
    "linux lumx mail-ru markdown material-ui matrix maxcdn medium microsoft minecraft mixcloud nest "
    "nodejs oculus odnoklassniki office onedrive openid opera pandora pinterest playstation pocket "
    "polymer qqchat quicktime raspberrypi rdio readability reddit skype slack snapchat soundcloud spotify "
    "square-inc stackexchange stackoverflow steam teamviewer telegram tor trello tumblr twitch twitter "
    "ubuntu umbraco untappd verified vimeo vine visualstudio vk vlc wechat whatsapp wii wikipedia windows "
    "wordpress wunderlist xaml xda xing yelp youtube".split()
)
_ACTIONS = frozenset(
    "access adjust animation apps arrange assistant attachment auto autorenew backburger backspace backup "
    "block blur border box-shadow brightness burst cached call case cast checkbox code collage color "
    "compare console content contrast counter crop cursor database debug decimal delete delta details "
    "disk disqus division domain dots download drag drawing dribbble edge elevation equal exit export "
    "file filter flip format forum forward fullscreen function hexagon history image import indent invert "
    "label lan launch layers library link list login logout loupe margin memory menu message minus more "
    "multiplication navigation near network nfc note notification numeric opacity open ornament page "
    "panorama plus poll power presentation priority professional pulse quality ray read record redo "
    "refresh regex relative reload rename repeat replay reply reproduction resize responsive rotate "
    "rounded routes run screen script seat security select selection send serial server settings shape "
    "share shuffle sim sitemap skip sort source spellcheck step subdirectory surround swap switch sync "
    "tab table tag text textbox texture theme timelapse timetable toggle tooltip transcribe transfer "
    "translate trending tune undo unfold ungroup upload vector verified vibrate view voice vpn wan "
    "watermark web webhook white-balance wrap xml".split()
)
_THINGS = {
    "account": "person", "alert": "exclamation mark", "cart": "shopping cart", "cellphone": "mobile phone",
    "check": "check mark", "close": "cross", "comment": "speech bubble",
}  # fmt: skip
_MARKS = frozenset(("settings", "network", "convert", "switch", "processing", "variant"))


def plain_name(name: str) -> str:
    """``account-off`` is a crossed-out person, ``cup-outline`` the outline of a cup."""
    words = [_THINGS.get(word, word) for word in name.split("-")]
    words = [word for word in words if word != "variant" and not re.fullmatch(r"\d+", word)]
    last = words[-1] if words else ""
    if len(words) > 1 and last == "off":
        return " ".join(["crossed-out", *words[:-1]])
    if len(words) > 1 and last == "outline":
        return " ".join(["outline of", plain_name("-".join(words[:-1]))])
    if len(words) > 1 and last in ("box", "circle", "octagon", "hexagon"):
        return " ".join([*words[:-1], "in an" if last == "octagon" else "in a", last])
    if len(words) > 1 and last == "multiple":
        return " ".join(["several", *words[:-2], f"{words[-2]}s"])
    return " ".join(words)


def exclusion(name: str) -> str | None:
    """The reason to exclude an icon by its name, or None."""
    words = name.split("-")
    if words[0] in _BRANDS or "-".join(words[:2]) in _BRANDS:
        return "a company or program logo"
    if words[0] in _ACTIONS or "-".join(words[:2]) in _ACTIONS:
        return "an action rather than a thing"
    if _MARKS & set(words[1:-1] + words[2:]):
        return "a small mark that its name does not describe"
    return None
