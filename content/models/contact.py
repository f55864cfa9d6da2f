"""The contact page and what is written there."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from content.blocks.body import BodyBlock
from content.fields import BodyField
from shop.throttle import client_address

from .base import ContentPage


class ContactPage(ContentPage):
    """A page with a form. What is written there is stored, then mailed."""

    standfirst = models.TextField(_("standfirst"), blank=True)
    body = BodyField(BodyBlock(), blank=True, verbose_name=_("body"))
    mail_to = models.EmailField(_("mail to"), blank=True, help_text=_("Messages are kept here as well."))
    thanks = models.TextField(_("thanks"), blank=True, help_text=_("What is shown after the message was sent."))

    content_panels: ClassVar = [
        *ContentPage.content_panels,
        FieldPanel("standfirst"),
        FieldPanel("body"),
        FieldPanel("mail_to"),
        FieldPanel("thanks"),
    ]
    search_fields: ClassVar = [*ContentPage.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = _("contact page")
        verbose_name_plural = _("contact pages")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form, or take it. The page holds a token, so that no cache may keep it."""
        from content.forms import ContactForm
        from content.operations import receive_message

        sent = request.GET.get("sent") == "1"
        form = ContactForm(request.POST or None, ip=client_address(request))
        if request.method == "POST" and form.is_valid():
            if not form.is_spam:
                receive_message(self, form.cleaned_data, language=request.LANGUAGE_CODE)
            return redirect(f"{self.get_url(request)}?sent=1")
        context = {**self.get_context(request), "form": form, "sent": sent}
        response = self._render(request, context)
        response.status_code = 400 if request.method == "POST" else 200
        add_never_cache_headers(response)
        return response

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add an empty form, which is what a preview shows."""
        from content.forms import ContactForm

        return {**super().get_context(request, *args, **kwargs), "form": ContactForm()}

    def _render(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        from django.template.response import TemplateResponse

        return TemplateResponse(request, self.get_template(request), context)


class ContactMessage(models.Model):
    """What somebody wrote."""

    page = models.ForeignKey(ContactPage, null=True, blank=True, on_delete=models.SET_NULL, related_name="messages")
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"))
    subject = models.CharField(_("subject"), max_length=160, blank=True)
    text = models.TextField(_("message"))
    language = models.CharField(_("language"), max_length=12, blank=True)
    sent_at = models.DateTimeField(_("sent"), auto_now_add=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering: ClassVar = ["-sent_at"]

    def __str__(self) -> str:
        return f"{self.name}, {self.sent_at:%d %b %Y}"
