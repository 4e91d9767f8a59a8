"""What the product replaces: Flask and SQLAlchemy, lazy relations, the day loop in Python.

`gunicorn -w 1 --threads 8 bench.peers.flask_sqlalchemy:app` with DATABASE_URL in the environment.
"""

from __future__ import annotations

import os
from datetime import date, timedelta
from decimal import Decimal

import psycopg
from flask import Flask, abort, jsonify, request
from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    mapped_column,
    relationship,
    scoped_session,
    sessionmaker,
)
from sqlalchemy.types import Integer

from bench.peers.household import Rule, is_due


class Base(DeclarativeBase):
    __table_args__ = {"schema": "data"}  # noqa: RUF012  # SQLAlchemy's own idiom


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    healthy_from: Mapped[Decimal]
    warning_from: Mapped[Decimal]
    accounts: Mapped[list[Account]] = relationship(lazy="select")
    items: Mapped[list[Item]] = relationship(lazy="select")


class Account(Base):
    __tablename__ = "accounts"
    user_id: Mapped[int] = mapped_column(ForeignKey("data.users.id"), primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    type: Mapped[str]
    bank_name: Mapped[str | None]
    number_masked: Mapped[str | None]
    currency: Mapped[str]
    opening_balance: Mapped[Decimal]
    opened_on: Mapped[date]
    current_balance: Mapped[Decimal]
    is_active: Mapped[bool]


class Item(Base):
    __tablename__ = "recurring_items"
    user_id: Mapped[int] = mapped_column(ForeignKey("data.users.id"), primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    amount: Mapped[Decimal]
    account_id: Mapped[int]
    to_account_id: Mapped[int | None]
    frequency: Mapped[str]
    every_n: Mapped[int]
    anchor_on: Mapped[date]
    month_days: Mapped[list[int] | None] = mapped_column(ARRAY(Integer))
    roll: Mapped[str]
    is_active: Mapped[bool]

    def rule(self) -> Rule:
        return Rule(
            self.kind,
            self.name,
            self.amount,
            self.account_id,
            self.to_account_id,
            self.frequency,
            self.every_n,
            self.anchor_on,
            self.month_days,
            self.roll,
        )


engine = create_engine(
    "postgresql+psycopg://",
    creator=lambda: psycopg.connect(os.environ["DATABASE_URL"]),
    pool_size=10,
    max_overflow=20,
)
sessions: scoped_session[Session] = scoped_session(sessionmaker(engine))
app = Flask(__name__)


@app.teardown_appcontext
def close(_: BaseException | None) -> None:
    sessions.remove()


@app.get("/users/<int:user_id>/accounts/<int:account_id>")
def account(user_id: int, account_id: int):  # type: ignore[no-untyped-def]
    found = sessions().get(Account, (user_id, account_id))
    if found is None:
        abort(404)
    return jsonify(
        success=True,
        data={
            column.name: str(value) if isinstance(value, Decimal | date) else value
            for column in Account.__table__.columns
            for value in [getattr(found, column.name)]
        },
    )


@app.get("/users/<int:user_id>/forecast")
def forecast(user_id: int):  # type: ignore[no-untyped-def]
    user = sessions().get(User, user_id)
    if user is None:
        abort(404)
    start = date.fromisoformat(request.args["as_of"])
    balance = sum((one.current_balance for one in user.accounts if one.is_active), Decimal(0))
    rules = [item.rule() for item in user.items if item.is_active and item.kind != "transfer"]
    rows = []
    for offset in range(365):
        day = start + timedelta(days=offset)
        due = [rule.amount for rule in rules if is_due(rule, day)]
        closing = balance + sum(due, Decimal(0))
        rows.append(
            {
                "date": day.isoformat(),
                "opening_balance": float(balance),
                "income": float(sum(one for one in due if one > 0)),
                "expenses": float(sum(one for one in due if one < 0)),
                "closing_balance": float(closing),
                "balance_status": "healthy"
                if closing >= user.healthy_from
                else "warning"
                if closing >= user.warning_from
                else "danger",
            }
        )
        balance = closing
    return jsonify(success=True, data={"rows": rows})
