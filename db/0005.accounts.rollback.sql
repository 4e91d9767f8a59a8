set lock_timeout = '3s';

drop table data.subcategories;
drop table data.categories;
drop table data.category_templates;
drop table data.accounts;
