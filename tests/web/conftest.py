"""A real browser on the real service, and a household whose numbers are small enough to check."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.support.asking import Client
from tests.support.service import Service, User

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--disable-component-update",
    "--disable-dev-shm-usage",
]
YEAR = "/api/v2/users/me/forecast?days=365&explain=true&by_account=true"
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


# One package at a time: playwright keeps a loop running in this thread, which asyncio tests of
# other folders could not bear.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium with an empty profile."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not there: the page needs it to be tested")
    with tempfile.TemporaryDirectory() as profile, sync_playwright() as playwright:
        arguments = [*ARGUMENTS, f"--disk-cache-dir={profile}"]
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield running
        running.close()


@dataclass
class Household:
    """A person, what the service forecasts for them, and how to ask it for more."""

    service: Service
    user: User
    today: date
    client: Client
    accounts: dict[str, int]
    year: dict[str, Any] = field(default_factory=dict)

    def index_of(self, day: str) -> int:
        """Which day of the plan this is, counted from 0."""
        return int(self.year["columns"]["date"].index(day))

    def items_on(self, day: str) -> list[dict[str, Any]]:
        """What the service says happens on a day."""
        return next((one["items"] for one in self.year["explain"] if one["date"] == day), [])


def added(client: Client, path: str, **body: Any) -> int:
    """The id of what was created."""
    reply = client.ask("POST", f"/api/v2/users/me{path}", body)
    assert reply.status == 201, reply.body
    return int(reply.data["id"])


def settle(service: Service, user: User, client: Client) -> Household:
    """Two accounts and six rules: 1,200 today, rent before the salary, so that zero is crossed."""
    today = date.fromisoformat(client.ask("GET", YEAR).data["as_of"])

    def on(days: int) -> str:
        return (today + timedelta(days=days)).isoformat()

    main = added(client, "/accounts", name="Everyday", opening_balance=900, opened_on=on(-30))
    spare = added(client, "/accounts", name="Rainy day", type="savings", opening_balance=300)
    rules: list[dict[str, Any]] = [
        {"kind": "expense", "name": "Rent", "amount": -1450, "anchor_on": on(3)},
        {"kind": "income", "name": "Salary", "amount": 2000.55, "anchor_on": on(10)},
        {"kind": "transfer", "name": "Put by", "amount": 100, "anchor_on": on(12)},
        {"kind": "expense", "name": "Coffee", "amount": -20.5, "anchor_on": on(1)},
        {"kind": "expense", "name": "Cake <b>&amp; tea", "amount": -4.05, "anchor_on": on(3)},
        {"kind": "expense", "name": "Dentist", "amount": -60, "anchor_on": on(-4)},
    ]
    for rule in rules:
        rule |= {"account_id": main, "frequency": "monthly"}
        if rule["name"] == "Put by":
            rule["to_account_id"] = spare
        if rule["name"] == "Coffee":
            rule["frequency"] = "weekly"
        if rule["name"] == "Dentist":
            rule |= {"frequency": "once", "expected_from": on(-10)}
        added(client, "/recurring-items", **rule)
    household = Household(service, user, today, client, {"Everyday": main, "Rainy day": spare})
    household.year = client.ask("GET", YEAR).data
    return household


@pytest.fixture(scope="package")
def household(service: Service) -> Iterator[Household]:
    """A household that tests only look at."""
    user = service.new_user(full_name="Robin Hale", reserve=500, locale="en-US", currency="USD")
    client = Client(service.url, user.token)
    try:
        yield settle(service, user, client)
    finally:
        client.close()


@dataclass
class Visit:
    """An open page and everything that it said or asked for on the way."""

    page: Page
    context: BrowserContext
    service: Service
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def text(self, selector: str) -> str:
        """What an element says."""
        return self.page.locator(selector).inner_text()

    def log_in(self, token: str) -> "Visit":
        """Through the form, until the chart is there."""
        self.offer(token)
        self.page.locator("#chart svg").wait_for()
        return self

    def offer(self, token: str) -> "Visit":
        """Fills the form for a token, whatever comes of it."""
        if not self.page.locator("#token").is_visible():
            self.page.locator("#token-way summary").click()
        self.page.locator("#token").fill(token)
        self.page.locator("#token-form button").click()
        return self

    def choose_range(self, days: int) -> None:
        """30, 90 or 365, by its label as a person does."""
        self.page.locator(f".ranges label:has(input[value='{days}'])").click()


@pytest.fixture
def visit(browser: Browser, service: Service) -> Iterator[Callable[..., Visit]]:
    """Opens the page in a fresh profile: visit(), visit("/#token=…", color_scheme="dark")."""
    contexts: list[BrowserContext] = []

    def open_page(path: str = "/", **options: Any) -> Visit:
        context = browser.new_context(**({"viewport": DESKTOP} | options))
        contexts.append(context)
        context.set_default_timeout(30_000)
        visited = Visit(context.new_page(), context, service)
        page = visited.page
        page.on("console", lambda said: visited.complaints.append(said.text))
        page.on("pageerror", lambda error: visited.complaints.append(str(error)))
        page.on("request", lambda request: visited.asked.append(request.url))
        page.goto(f"{service.url}{path}")
        return visited

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def home(visit: Callable[..., Visit], household: Household) -> Visit:
    """The household's forecast, open and drawn."""
    return visit().log_in(household.user.token)


@dataclass
class Ledger:
    """A person with bookings of their own to change, and how to ask the service about them."""

    service: Service
    user: User
    today: date
    client: Client
    accounts: dict[str, int]
    categories: dict[str, int]

    def on(self, days: int) -> str:
        """The day so many days from today."""
        return (self.today + timedelta(days=days)).isoformat()

    def book(self, description: str, amount: float, days: int, **fields: Any) -> int:
        """The id of a booking on the first account, unless it names another."""
        body = {"account_id": self.accounts["Everyday"], "amount": amount}
        body |= {"transaction_date": self.on(days), "description": description}
        return added(self.client, "/transactions", **(body | fields))

    def rows(self, **query: Any) -> list[dict[str, Any]]:
        """What the service lists."""
        reply = self.client.ask(
            "GET", "/api/v2/users/me/transactions", query={"limit": 200} | query
        )
        items: list[dict[str, Any]] = reply.data["items"]
        return items

    def balance(self, account: str) -> Any:
        """What an account comes to."""
        path = f"/api/v2/users/me/accounts/{self.accounts[account]}"
        return self.client.ask("GET", path).data["current_balance"]


@pytest.fixture
def ledger(service: Service) -> Iterator[Ledger]:
    """Two accounts and five bookings; the categories are those that everybody begins with."""
    user = service.new_user(
        full_name="Ida Moor", locale="en-US", currency="USD", timezone="Etc/UTC"
    )
    with Client(service.url, user.token) as client:
        accounts = {
            "Everyday": added(client, "/accounts", name="Everyday", opening_balance=1000),
            "Rainy day": added(
                client, "/accounts", name="Rainy day", type="savings", opening_balance=300
            ),
        }
        listed = client.ask("GET", "/api/v2/users/me/categories", query={"limit": 200}).data
        categories = {
            part["name"]: part["id"] for one in listed["items"] for part in one["subcategories"]
        }
        today = date.fromisoformat(
            client.ask("GET", "/api/v2/users/me/forecast", query={"days": 1}).data["as_of"]
        )
        made = Ledger(service, user, today, client, accounts, categories)
        made.book("Salary March", 2000.5, -3, counterparty="Harbour Ltd")
        made.book("Coffee", -3.2, -2, counterparty="Corner Bakery", is_pending=True)
        made.book("Groceries of the week", -82.4, -2, subcategory_id=categories["Groceries"])
        made.book("Bus ticket", -2.8, -1)
        made.book("Interest", 1.15, -1, account_id=accounts["Rainy day"])
        yield made
