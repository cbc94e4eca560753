"""Amendments: recognise the instructions of an act, show what documents would say, apply and withdraw them."""
