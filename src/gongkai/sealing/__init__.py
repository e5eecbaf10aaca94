"""What is told of a person is kept sealed, in the database and in files, by keys outside both (个人信息保护法第五十一条; invariant 9)."""
