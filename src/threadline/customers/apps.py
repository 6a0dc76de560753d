from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "threadline.customers"
    label = "customers"
