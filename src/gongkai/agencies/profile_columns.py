"""The headings of a table of agencies that tell something of them; read before there is a database."""

COLUMNS: dict[str, str] = {
    "职能": "functions",
    "地址": "address",
    "电话": "phone",
    "办公时间": "office_hours",
    "传真": "fax",
    "电子邮箱": "email",
    "邮政编码": "postal_code",
    "网址": "website",
    "到达方式": "map_text",
    "工作机构名称": "intake_name",
    "工作机构办公地址": "intake_address",
    "工作机构办公时间": "intake_hours",
    "工作机构联系电话": "intake_phone",
    "工作机构传真号码": "intake_fax",
    "工作机构电子邮箱": "intake_email",
    "工作机构邮政编码": "intake_postal_code",
    "网上申请地址": "intake_url",
}
"""Heading → field of profiles.FIELDS."""
