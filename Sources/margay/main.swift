print("margay")
