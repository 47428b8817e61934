"""Reports about letters that came back, in the shapes in which mail servers write them (RFC 3464)."""

from __future__ import annotations

ADA = "ada.shah@partner.example"


def postfix(
    number: str,
    *,
    to: str = ADA,
    recipient: str = "",
    original: str = "",
    action: str = "failed",
    status: str = "5.1.1",
) -> bytes:
    """As Postfix does, with the headings of the letter."""
    recipient = recipient or to
    return f"""Return-Path: <>
Received: by mail.trust.example (Postfix) id 4T1; Mon, 30 Nov 2026 09:00:01 +0000 (GMT)
Date: Mon, 30 Nov 2026 09:00:01 +0000 (GMT)
From: MAILER-DAEMON@mail.trust.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: surveys@trust.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4T0.1700000001/mail.trust.example"
Message-Id: <20261130090001.4T1@mail.trust.example>

This is a MIME-encapsulated message.

--4T0.1700000001/mail.trust.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

<{recipient}>: host mx.partner.example said: 550 No such person (in reply to RCPT TO)

--4T0.1700000001/mail.trust.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.trust.example
X-Postfix-Queue-ID: 4T0
Arrival-Date: Mon, 30 Nov 2026 09:00:00 +0000 (GMT)

Final-Recipient: rfc822; {recipient}
Original-Recipient: {original or f"rfc822;{recipient}"}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.partner.example
Diagnostic-Code: smtp; 550 No such person

--4T0.1700000001/mail.trust.example
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

From: Surveys <surveys@trust.example>
To: Ada Shah <{to}>
Subject: Westmere: how well are we working together?
Message-ID: {number}
MIME-Version: 1.0

--4T0.1700000001/mail.trust.example--
""".encode()


def exchange_online(number: str, *, to: str = ADA, status: str = "5.1.10") -> bytes:
    """As Exchange Online does, with the whole letter, a heading folded, and its words in HTML."""
    return f"""From: <postmaster@partner.example>
To: <surveys@trust.example>
Date: Mon, 30 Nov 2026 09:00:03 +0000
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="c0ffee00-0000-4000-8000-00000000beef"
X-MS-Exchange-Message-Is-Ndr:
Content-Language: en-GB
Message-ID: <d00d@AS8.eurprd01.prod.outlook.example>
Subject: Undeliverable: Westmere: how well are we working together?
Auto-Submitted: auto-replied

--c0ffee00-0000-4000-8000-00000000beef
Content-Type: multipart/alternative; differences=Content-Type;
\tboundary="feedface-0000-4000-8000-000000000001"

--feedface-0000-4000-8000-000000000001
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

Your message to {to} couldn't be delivered.

--feedface-0000-4000-8000-000000000001
Content-Type: text/html; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

<html><body>Your message couldn't be delivered.</body></html>

--feedface-0000-4000-8000-000000000001--

--c0ffee00-0000-4000-8000-00000000beef
Content-Type: message/delivery-status

Reporting-MTA: dns;AS8.eurprd01.prod.outlook.example
Received-From-MTA: dns;mail.trust.example
Arrival-Date: Mon, 30 Nov 2026 09:00:02 +0000

Final-Recipient: rfc822;{to}
Action: failed
Status: {status}
Diagnostic-Code: smtp;550 {status} RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup
X-Display-Name: Ada Shah

--c0ffee00-0000-4000-8000-00000000beef
Content-Type: message/rfc822

Received: from mail.trust.example (192.0.2.1) by AS8.eurprd01.prod.outlook.example
From: Surveys <surveys@trust.example>
To: Ada Shah
\t<{to}>
Subject: Westmere: how well are we working together?
Message-ID:
\t{number}
MIME-Version: 1.0
Content-Type: text/plain; charset="utf-8"

Dear Ada Shah,

--c0ffee00-0000-4000-8000-00000000beef--
""".encode()
