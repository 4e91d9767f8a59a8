drop table data.day_texts;
