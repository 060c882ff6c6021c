"""What is refused while it is still being sent."""

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

LARGEST = 32 * 1024 * 1024  # of a whole request; the pages say less, each its own


class SizeHandler(FileUploadHandler):
    """Refuses a request that is too large before any of it is kept."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        if content_length > LARGEST:
            raise RequestDataTooBig("request body is too large")

    def receive_data_chunk(self, raw_data, start):
        return raw_data

    def file_complete(self, file_size):
        return None
