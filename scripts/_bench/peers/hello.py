"""The least a pygame window can be: one line of text. hello.py"""

import pygame

pygame.display.init()
pygame.font.init()
screen = pygame.display.set_mode((1280, 720))
screen.fill((20, 20, 24))
screen.blit(pygame.font.Font(None, 64).render("Hello", True, (255, 255, 255)), (480, 320))
pygame.display.flip()
while pygame.event.wait().type != pygame.QUIT:
    pass
