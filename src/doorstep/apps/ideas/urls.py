"""Addresses of this room."""

from django.urls import path

from doorstep.apps.ideas.views import asking, author, checking, reading

app_name = "ideas"
urlpatterns = [
    path("rounds/<slug:slug>/ideas/", reading.ideas, name="list"),
    path("rounds/<slug:slug>/propose/", asking.propose, name="propose"),
    path("rounds/<slug:slug>/type-in/", asking.type_in, name="type-in"),
    path("ideas/confirm/<slug:token>/", asking.confirm, name="confirm"),
    path("ideas/confirm/<slug:token>/again/", asking.again, name="again"),
    path("ideas/mine/<str:token>/", author.mine, name="mine"),
    path("ideas/<number:number>/", reading.idea, name="idea"),
    path("ideas/<number:number>/photo/", reading.photo, name="photo"),
    path("ideas/<number:number>/follow/", asking.follow, name="follow"),
    path("ideas/<number:number>/author/", author.author, name="author"),
    path("ideas/<number:number>/author/words/", author.author_words, name="author-words"),
    path("ideas/<number:number>/following/", author.following, name="following"),
    path("ideas/<number:number>/for-author/", author.for_author, name="for-author"),
    path(
        "ideas/<number:number>/for-author/words/", author.for_author_words, name="for-author-words"
    ),
    path("ideas/<number:number>/check/", checking.check, name="check"),
    path("ideas/<number:number>/words/", checking.moderate, name="moderate"),
]
