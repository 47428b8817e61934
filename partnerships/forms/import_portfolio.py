"""Uploading a spreadsheet."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile

from design.messages import PlainMessages

KINDS_OF_FILE = (".csv", ".xlsx")


class UploadForm(PlainMessages, forms.Form):
    file = forms.FileField(
        label="Your spreadsheet",
        help_text="An Excel workbook (.xlsx) or a CSV file, with the template’s headings in its first row.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={
            "required": "Choose a spreadsheet.",
            "empty": "This file is empty. Choose the spreadsheet with your partnerships.",
        },
    )

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if not (file.name or "").lower().endswith(KINDS_OF_FILE):
            raise forms.ValidationError("Choose an Excel workbook (.xlsx) or a CSV file. Save others as one first.")
        return file
