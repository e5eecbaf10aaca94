"""年度报告 in the workbench, under /work/reports/."""

from django.urls import path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.reports import views, views_board, views_cells, views_import

app_name = "reports"
urlpatterns = [
    path("", views.report_list, name="list"),
    path("begin/", views.begin, name="begin"),
    path("import/", views_import.bring_in, name="import"),
    path("board/", views_board.board_page, name="board"),
    path("board.<slug:fmt>", views_board.board_export, name="board_export"),
    path("<pk:pk>/", views.report, name="report"),
    path("<pk:pk>/write/", views.write, name="write"),
    path("<pk:pk>/file.<slug:fmt>", views.file, name="file"),
    path("<pk:pk>/cells/<slug:table>/<str:row>/<str:column>/", views_cells.cell_page, name="cell"),
    path("<pk:pk>/cells/<slug:table>/<str:row>/<str:column>/add/", views_cells.add, name="add"),
    path("<pk:pk>/additions/<pk:number>/remove/", views_cells.remove, name="remove"),
    path("<pk:pk>/blanks/", views_cells.fill_blanks, name="blanks"),
    path("<pk:pk>/<slug:verb>/", views.press, name="press"),
]
