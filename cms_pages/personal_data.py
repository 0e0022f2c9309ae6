"""What can be reached from an account and yet holds nothing of customers: what staff alone write, and why."""

from __future__ import annotations

from cabinet.register.categories import register

# Staff are reached because they sign in with the same kind of account as customers (house.md, 11).
register.leave_out(
    "who among staff wrote or approved what the shop published", "cms_pages.Edition", "cms_pages.BannerEdition"
)
register.leave_out("a page that staff write", "wagtailcore.Page", "cms_pages.HomePage", "cms_pages.LegalDocumentPage")
register.leave_out("drafts of pages and texts that staff write", "wagtailcore.Revision", "wagtailadmin.FormState")
register.leave_out("what staff did to pages and texts", "wagtailcore.PageLogEntry", "wagtailcore.ModelLogEntry")
register.leave_out(
    "the way of a text through the hands of staff",
    "wagtailcore.WorkflowState",
    "wagtailcore.TaskState",
    "wagtailcore.Comment",
    "wagtailcore.CommentReply",
    "wagtailcore.PageSubscription",
)
register.leave_out("how a member of staff has set up the admin", "wagtailusers.UserProfile")
register.leave_out("what a member of staff is editing just now", "wagtailadmin.EditingSession")
register.leave_out("a key by which staff's programs write pages", "wagtailcore.APIToken")
register.leave_out("a file that staff are putting in", "wagtailcore.UploadedFile")
register.leave_out("words of pages, found again by the search of the admin", "wagtailsearch.IndexEntry")
register.leave_out("tags on what staff write", "taggit.TaggedItem")
register.leave_out("groups and rights of staff; a customer is in none", "auth.Group", "auth.Permission")
