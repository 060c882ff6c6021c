"""A page as a browser has it: the fields of its form, which can be typed over and posted."""

from html.parser import HTMLParser

AT = "/566001/2024/second/"
FORM = "data-entry"


class Page:
    """The form of a page. `fields`: what it would post, by name; `typed(...)` finds a field's name by its label."""

    def __init__(self, client, address: str, response=None):
        self.client, self.address = client, address
        self.response = response or client.get(address)
        self.status = self.response.status_code
        self.text = self.response.content.decode()
        parser = _Fields()
        parser.feed(self.text)
        self.fields, self.labels = parser.fields, parser.labels

    def name(self, *words: str) -> str:
        """The name of the first field whose label has all the words."""
        for name, label in self.labels.items():
            if words == (label,):
                return name
        for name, label in self.labels.items():
            if all(word in label for word in words):
                return name
        raise KeyError(words)

    def row(self, *words: str) -> str:
        """The prefix of the row that has that field."""
        return self.name(*words).rpartition("-")[0]

    def __setitem__(self, words, value: str) -> None:
        self.fields[self.name(*([words] if isinstance(words, str) else words))] = value

    def __getitem__(self, words) -> str:
        return self.fields[self.name(*([words] if isinstance(words, str) else words))]

    def post(self, **more) -> "Page":
        response = self.client.post(self.address, {**self.fields, **more})
        return Page(self.client, self.address, response)

    def saved(self) -> "Page":
        """Post, expect it to be saved, and read the page that follows."""
        response = self.client.post(self.address, self.fields)
        assert response.status_code == 302, _summary(response.content.decode())
        return Page(self.client, response["Location"])

    @property
    def summary(self) -> str:
        return _summary(self.text)


def _summary(text: str) -> str:
    return text.partition('id="summary"')[2].partition("</div>")[0]


class _Fields(HTMLParser):
    def __init__(self):
        super().__init__()
        self.fields: dict[str, str] = {}
        self.labels: dict[str, str] = {}
        self.inside = self.pattern = False
        self.select = self.area = ""

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.inside = FORM in attrs
        elif tag == "template":
            self.pattern = True
        elif tag == "label" and attrs.get("for"):
            self.waiting = attrs["for"].removeprefix("id_")
        if not self.inside or self.pattern:
            return
        name = attrs.get("name", "")
        if tag == "input":
            self._input(name, attrs)
        elif tag == "select":
            self.select = name
            self.fields.setdefault(name, "")
        elif tag == "option" and "selected" in attrs:
            self.fields[self.select] = attrs.get("value", "")
        elif tag == "textarea":
            self.area = name
            self.fields[name] = ""
        if tag in ("input", "select", "textarea"):
            self.labels[name] = attrs.get("aria-label") or self.labels.get(name, "")

    def _input(self, name, attrs):
        kind = attrs.get("type", "text")
        if kind not in ("checkbox", "radio"):
            self.fields[name] = attrs.get("value", "")
        elif "checked" in attrs:
            self.fields[name] = attrs.get("value", "on")

    waiting = ""

    def handle_data(self, data):
        if self.area:
            self.fields[self.area] += data
        elif self.waiting and data.strip():
            self.labels[self.waiting] = self.labels.get(self.waiting) or data.strip()
            self.waiting = ""

    def handle_endtag(self, tag):
        if tag == "template":
            self.pattern = False
        elif tag == "textarea" and self.area:
            self.fields[self.area] = self.fields[self.area].removeprefix("\n")
            self.area = ""
        elif tag == "form":
            self.inside = False
