"""Moments come out of the database as they went in."""

from datetime import UTC, datetime, timedelta, timezone

import psycopg
import pytest
from django.db import DataError, connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from threadline.lib.moments import Moments


class MomentsTest(TestCase):
    @settings(max_examples=50)
    @given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-9, minutes=-30))])))
    def test_each_comes_as_it_went_in(self, moment: datetime):
        with connection.cursor() as cursor:
            cursor.execute("select %s::timestamptz", [moment])
            (found,) = cursor.fetchone()

        assert found == moment
        assert found.tzinfo is UTC


@pytest.mark.django_db
def test_what_no_datetime_holds_is_refused_in_words():
    with connection.cursor() as cursor, pytest.raises((DataError, psycopg.DataError), match="too large"):
        cursor.execute("select 'infinity'::timestamptz").fetchone()


@pytest.mark.django_db
def test_every_connection_reads_them_so():
    with connection.cursor() as cursor:
        cursor.execute("select 1")

        assert cursor.adapters.get_loader(1184, 0) is Moments
